# MLflow's server with blob storage and PostgreSQL, packages by hash. Built from the repository's root:
#   az acr build --registry REGISTRY --image logpipe/mlflow:TAG --file deploy/images/mlflow.Dockerfile .
FROM python:3.11-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 HOME=/tmp
COPY tools/testbed/src/python/requirements-mlflow.txt deploy/images/requirements-azure.txt /build/
RUN pip install --disable-pip-version-check --no-deps --require-hashes -r /build/requirements-mlflow.txt -r /build/requirements-azure.txt
USER 10001:10001
EXPOSE 5000
# Settings come from the environment: store, artifacts, hosts, login.
CMD ["sh", "-c", "exec python -m mlflow server --app-name basic-auth --host 0.0.0.0 --port 5000 --workers 1 --backend-store-uri \"$MLFLOW_BACKEND_STORE_URI\" --artifacts-destination \"$MLFLOW_ARTIFACTS_DESTINATION\" --serve-artifacts --allowed-hosts \"$MLFLOW_ALLOWED_HOSTS\""]
