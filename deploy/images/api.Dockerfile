# The API: one bundle and the pipeline's definition, nothing to install at start. Built from the repository's root:
#   az acr build --registry REGISTRY --image logpipe/api:TAG --file deploy/images/api.Dockerfile .
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json bootstrap.mjs ./
COPY apps apps
COPY deploy deploy
COPY libs libs
COPY pipelines pipelines
COPY tools tools
RUN npm ci --ignore-scripts --no-audit --no-fund && node tools/workspace/src/api-bundle.ts /out

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production LOGPIPE_PIPELINE_DIR=/app/pipelines/openssh
WORKDIR /app
COPY --from=build /out /app
USER 10001:10001
EXPOSE 8080
CMD ["node", "--enable-source-maps", "/app/main.mjs"]
