/**
 * Every error a person can meet, once. A code is permanent. `cause` says what was seen (fields in braces are filled from the error's
 * fields), `fix` the exact command or setting that mends it. docs/errors.md is held equal to this list by a test.
 */
export interface ErrorEntry {
  /** Whose fault: the user's input or setting, the environment, a short fault, throttling, or ours. */
  readonly class: 'user' | 'environment' | 'transient' | 'throttled' | 'bug'
  readonly title: string
  readonly cause: string
  readonly fix: string
  /** The CLI's exit code: 1 failed run, 2 usage, 3 environment, 4 validation, 5 auth. */
  readonly exit: 1 | 2 | 3 | 4 | 5
}

const entry = (
  kind: ErrorEntry['class'],
  exit: ErrorEntry['exit'],
  title: string,
  cause: string,
  fix: string,
): ErrorEntry => ({ class: kind, title, cause, fix, exit })

export const ERRORS = {
  // What the user gave
  FILE_NOT_FOUND: entry('user', 2, 'No such file', 'There is no file at {path}.', 'Check the path: npm start -- path/to/sshd.log'),
  FILE_IS_DIRECTORY: entry('user', 2, 'That is a folder', '{path} is a folder; a run takes one log file.', 'Name a file in it: npm start -- {path}/sshd.log'),
  FILE_NOT_READABLE: entry('user', 2, 'The file cannot be read', '{path} cannot be opened: {detail}.', 'Give yourself read permission: chmod u+r {path}'),
  USAGE: entry('user', 2, 'The command is not right', '{detail}', 'See the options: npx logpipe --help'),
  BLOB_NAME_REFUSED: entry('user', 2, 'That blob name is not allowed', '{name}: {detail}.', 'Use letters, digits, ". _ - = @ + ," and single "/" between; not under _runs/'),
  MODEL_NOT_FOUND: entry('user', 2, 'No such model version', 'The registry has no version {version}, or more than one that begins so.', 'List them: npx logpipe models list'),
  RUN_NOT_FOUND: entry('user', 2, 'No such run', 'There is no run {runId}.', 'List the runs: npx logpipe runs list'),
  IDEMPOTENCY_KEY_REUSED: entry('user', 2, 'The Idempotency-Key is taken', 'Another request came with the key {key}.', 'Send a new key with each new request; the same key only to repeat the very same request'),
  IDEMPOTENCY_KEY_IN_USE: entry('user', 2, 'The first request is still being worked on', 'A request with the key {key} came a moment ago.', 'Send it again in a few seconds: the answer will be that of the first'),
  RUN_ENDED: entry('user', 2, 'The run has ended', 'Run {runId} is {status}.', 'Start it again: npx logpipe runs rerun {runId}'),
  RUN_NOT_ENDED: entry('user', 2, 'The run has not ended', 'Run {runId} is {status}.', 'Wait for its end (npx logpipe runs watch {runId}) or stop it: npx logpipe runs cancel {runId}'),
  RUN_WITHOUT_RESULTS: entry('user', 2, 'The run has published nothing', 'Run {runId} is {status}.', 'See why: npx logpipe runs show {runId}'),
  RUN_CANCELLED: entry('user', 1, 'The run was cancelled', 'A person asked for the end of run {runId}.', 'Start it again where it stopped: npx logpipe runs retry {runId}'),
  STAGE_NOT_REUSABLE: entry('user', 2, 'The run cannot start there', 'Run {runId} has no output of {stage} that could be taken over.', 'Start earlier: npx logpipe runs rerun {runId} --from bronze'),
  BLOB_NOT_FOUND: entry('user', 2, 'No such blob', 'There is no blob {container}/{name}.', 'Upload it first: npx logpipe upload FILE'),
  BODY_TOO_LARGE: entry('user', 2, 'The request body is too large', 'The body has more than {limit} bytes.', 'Upload the file to storage instead: npx logpipe upload FILE'),
  REQUEST_NOT_VALID: entry('user', 2, 'The request is not valid', '{detail}', 'Send {"container":"bronze","name":"path/of/blob"} as JSON, or the log itself as text/plain with ?name=…'),
  JUDGEMENT_NOT_VALID: entry('user', 2, 'That cannot be said of an entity', '{detail}', 'See npx logpipe anomalies dismiss --help'),
  ANOMALY_NOT_FOUND: entry('user', 2, 'No such anomaly', '{runId} lists no {wanted}.', 'List them: npx logpipe anomalies list --run {runId} --all'),
  NOTHING_PUBLISHED: entry('user', 2, 'Nothing is published yet', 'No run has published {what}.', 'Run a log: npm start -- FILE'),
  CONFIG_NOT_VALID: entry('user', 2, 'The configuration has faults', '{detail}', 'Mend each line above in logpipe.config.yaml or its environment variable'),
  NOT_A_LOG: entry('user', 1, 'This is not an OpenSSH log', '{share} % of the lines were quarantined (limit {limit} %); most common reason: {reason}.', 'Look at the quarantine: npx logpipe runs show {runId}; the blob is untouched. Drop the right file, or raise quality.maxQuarantinedShare'),
  EXPECTATION_FAILED: entry('user', 4, 'The data is not as expected', '{expectation}: {seen} %, the limit is {limit} %.', 'Look at npx logpipe runs show {runId}; raise quality.{expectation} or set its action to warn'),
  SOURCE_NOT_READABLE: entry('user', 1, 'The source cannot be read', '{container}/{name}: {detail}.', 'Check that the file is whole (gzip -t FILE), and drop it again; the blob is untouched'),
  SOURCE_SETTING_WRONG: entry('user', 1, 'A setting of the source cannot be used', 'The metadata {setting} of {name} is "{value}".', 'Set timezone to an IANA name such as Europe/Berlin, base_time to an ISO time such as 2026-01-31T00:00:00Z, until to a stage such as silver, stream to letters, digits and . _ - / @, engine to duckdb, databricks or auto, or remove them; the blob is untouched'),
  SOURCE_CHANGED: entry('user', 1, 'The source was overwritten during the run', '{container}/{name} is not at version {etag} any more.', 'Nothing to do: the new version has its own run. See npx logpipe runs list'),
  CATALOGUE_NOT_VALID: entry('user', 2, 'The pipeline definition has faults', '{detail}', 'Mend each line above in pipelines/openssh'),

  // What is around us
  NODE_TOO_OLD: entry('environment', 3, 'Node is too old', 'Node {found} runs here; logpipe needs 22.19 or newer.', 'Install Node 24, or run through npm (npm start), which brings its own on Linux'),
  STORAGE_UNREACHABLE: entry('environment', 3, 'Storage does not answer', '{endpoint}: {detail}.', 'Check LOGPIPE_STORAGE (or AzureWebJobsStorage) and that the account, or Azurite, is up'),
  STORAGE_SETTING_WRONG: entry('environment', 3, 'The storage setting cannot be used', '{detail}', 'Set LOGPIPE_STORAGE to a connection string, or to https://ACCOUNT.blob.core.windows.net for Entra login'),
  STORAGE_REFUSED: entry('environment', 5, 'Storage refused the credentials', '{endpoint} answered {status} {detail}.', 'Check the key in LOGPIPE_STORAGE, or give your identity the role "Storage Blob Data Contributor"'),
  STORAGE_FAILED: entry('transient', 3, 'Storage failed', '{operation} {name}: {detail}.', 'Try again: npx logpipe run FILE; what was done so far is kept'),
  PORT_TAKEN: entry('environment', 3, 'The port is taken', '127.0.0.1:{port} is in use by another program.', 'Leave the port out to get a free one, or stop the other program'),
  TARGET_NOT_RUNNING: entry('environment', 3, 'logpipe is not up', 'No embedded target runs from {home}.', 'Bring it up in another terminal: npm run dev'),
  TARGET_LOCKED: entry('environment', 3, 'Another logpipe uses this folder', '{home} is held by process {pid}.', 'Stop that one, or give this one a folder of its own: LOGPIPE_HOME=DIR'),
  TARGET_START_FAILED: entry('environment', 3, 'A part did not start', '{part} did not start: {detail}.', 'Read {log}, then try again; a damaged state is set aside by LOGPIPE_HOME=NEW_DIR'),
  SERVICES_FAILED: entry('environment', 1, 'A service does not serve', '{service}: {detail}.', 'The data is published. Bring the services up: npm run dev; on AKS: npx logpipe services status'),
  TARGET_ENDED: entry('environment', 3, 'A part of logpipe has ended', '{part}.', 'Start it again (npm run dev): runs that were under way go on. What it said last: {log}'),
  MODEL_NOT_VALID: entry('environment', 4, 'The model cannot be used', '{name}: {detail}.', 'Runs go on with the last good version. Choose one yourself: npx logpipe models rollback'),
  FUNCTIONS_UNREACHABLE: entry('transient', 3, 'The functions app does not answer', '{url}: {detail}.', 'Check LOGPIPE_FUNCTIONS_URL and that the app is up; without the setting the command runs the pipeline by itself'),
  FUNCTIONS_REFUSED: entry('environment', 5, 'The functions app refused the key', '{url} answered {status}.', 'Set LOGPIPE_FUNCTIONS_KEY to a function key of the app: az functionapp keys list --resource-group GROUP --name APP'),
  OUTPUT_DIR_FAILED: entry('environment', 3, 'The output folder cannot be written', '{path}: {detail}.', 'Name a folder you may write: --out DIR'),
  MLFLOW_SETTING_WRONG: entry('user', 2, 'The MLflow setting cannot be used', '{detail}', 'Set LOGPIPE_MLFLOW_URL to https://HOST or http://127.0.0.1:PORT, the login by its own variables: docs/mlflow.md'),
  MLFLOW_UNREACHABLE: entry('transient', 3, 'MLflow does not answer', '{endpoint}: {detail}.', 'Nothing is lost: it waits in the outbox. Bring the server up and look at {endpoint}/health'),
  MLFLOW_REFUSED: entry('environment', 5, 'MLflow refused the login', '{endpoint} answered {status} to {call}.', 'Check LOGPIPE_MLFLOW_USERNAME and LOGPIPE_MLFLOW_PASSWORD, or LOGPIPE_MLFLOW_TOKEN, and the server\'s --allowed-hosts'),
  MLFLOW_REJECTED: entry('environment', 1, 'MLflow does not take what was sent', '{call}: {detail}', 'Mend what is said on the server; the outbox tries again: docs/mlflow.md'),
  DATABRICKS_SETTING_WRONG: entry('user', 2, 'The Databricks setting cannot be used', '{detail}', 'Set DATABRICKS_HOST to https://adb-….azuredatabricks.net (http only on loopback), and a login: docs/databricks.md'),
  DATABRICKS_UNREACHABLE: entry('transient', 3, 'Databricks does not answer', '{call}: {detail}.', 'Check DATABRICKS_HOST and that the workspace is up; a job that runs goes on and is found again'),
  DATABRICKS_THROTTLED: entry('throttled', 3, 'Databricks has too many requests', '{call} was answered by 429 each time.', 'Wait a little; run fewer at once: LOGPIPE_PARALLEL_RUNS'),
  DATABRICKS_LOGIN_REFUSED: entry('environment', 5, 'Databricks refused the login', '{call} was answered by 401: the token is wrong or has expired.', 'Give a new DATABRICKS_TOKEN, or log in by Entra or a service principal: docs/databricks.md'),
  DATABRICKS_FORBIDDEN: entry('environment', 5, 'Databricks does not allow it', '{call} was answered by 403 {detail}.', 'Give the identity the right it lacks (Can Manage Run on the jobs, Can Edit on the folder, cluster creation): docs/databricks.md'),
  DATABRICKS_REJECTED: entry('environment', 3, 'Databricks does not take what was sent', '{call}: {detail}', 'See what would be sent: npx logpipe deploy databricks --plan --json'),
  DATABRICKS_NOT_DEPLOYED: entry('user', 3, 'The pipeline is not in the workspace', '{what} is not there.', 'Bring it there: npx logpipe deploy databricks'),
  DATABRICKS_SECRET_MISSING: entry('user', 3, 'The storage key is not in the workspace', 'There is no secret {key} in the scope {scope}.', 'Put it there: databricks secrets create-scope {scope}; databricks secrets put-secret {scope} {key}'),
  DATABRICKS_NODE_TYPE_UNKNOWN: entry('user', 3, 'The workspace has no such node type', '{detail}', 'Name others in databricks.nodeTypes, then: npx logpipe deploy databricks'),
  DATABRICKS_NO_CAPACITY: entry('throttled', 3, 'No machine is to be had for the job', '{job} on {nodeType}: {detail}', 'The next node type of databricks.nodeTypes is tried; add one, or ask Azure for more quota'),
  DATABRICKS_CLUSTER_FAILED: entry('transient', 3, 'The cluster did not start, or was lost', '{job}: {detail}', 'It is tried again; if it stays so look at the run: {url}'),
  DATABRICKS_LIMIT_REACHED: entry('user', 3, 'A limit on Databricks is reached', '{detail}', 'Raise the limit that is named, or take the embedded engine: --engine duckdb'),
  JOB_FAILED: entry('bug', 1, 'The job of a layer failed', '{job}: {detail}', 'Open the run: {url}'),
  JOB_ENDED_BY_OTHERS: entry('environment', 1, 'The job was ended by somebody else', '{job}: {detail}', 'Go on where it stopped: npx logpipe runs retry {runId}'),
  JOB_NOT_STOPPED: entry('environment', 1, 'A job that is to end still runs', '{job} was asked to end and has not.', 'End it yourself: {url}; the timer asks again'),
  AKS_SETTING_MISSING: entry('user', 2, 'The cluster is not named', '{detail}', 'Set aks.subscription, aks.resourceGroup and aks.cluster (or aks.kubeconfig), and both images, in logpipe.config.yaml: docs/services.md'),
  KUBECONFIG_NOT_VALID: entry('user', 2, 'The kubeconfig cannot be used', '{from}: {detail}.', 'Check aks.kubeconfig, or leave it out and name the cluster by aks.resourceGroup and aks.cluster'),
  CLUSTER_CONTEXT_UNKNOWN: entry('user', 2, 'No such context', 'There is no context {context} in the kubeconfig; it has: {found}.', 'Set aks.context to one of them, or leave it out'),
  CLUSTER_NOT_FOUND: entry('user', 2, 'No such cluster', 'Azure knows no AKS cluster {cluster} in the resource group {resourceGroup}.', 'Check aks.subscription, aks.resourceGroup and aks.cluster: az aks list --output table'),
  CLUSTER_LOGIN_REFUSED: entry('environment', 5, 'The login to the cluster was refused', '{detail}.', 'Log in again (az login); a kubeconfig with an old token: az aks get-credentials'),
  CLUSTER_FORBIDDEN: entry('environment', 5, 'The cluster does not allow it', '{detail}.', 'Give the identity the roles of docs/services.md, least privilege'),
  CLUSTER_UNREACHABLE: entry('transient', 3, 'The cluster does not answer', '{what}: {detail}.', 'Check that the cluster is started (az aks show) and that this machine may reach it; then try again'),
  MANIFEST_REFUSED: entry('user', 1, 'The cluster refuses a manifest', '{object}: {detail}.', 'Mend it in deploy/aks; see what would be done: npx logpipe deploy services --plan'),
  FIELD_CONFLICT: entry('user', 1, 'Somebody else manages these fields', '{object}: {fields}.', 'Let one of the two go; to take them over: npx logpipe deploy services --force'),
  IMAGE_MISSING: entry('user', 1, 'An image cannot be pulled', '{deployment}: {image}: {detail}.', 'Check the digest and that the cluster may pull (az aks update --attach-acr). The version before still serves: npx logpipe services status'),
  ROLLOUT_FAILED: entry('environment', 1, 'The new version does not come up', '{deployment}: {detail}.', 'The version before still serves: npx logpipe services status. Go back to it: npx logpipe services rollback'),
  DEPLOY_BUSY: entry('transient', 3, 'Another deployment is under way', '{holder} holds the lease for more than {seconds} s.', 'Wait for it: npx logpipe services status'),
  NO_EARLIER_REVISION: entry('user', 2, 'There is nothing to go back to', 'The namespace {namespace} remembers no earlier revision.', 'Deploy the version you want: npx logpipe deploy services'),

  // What must not happen
  OUTPUT_MISSING: entry('bug', 4, 'An output is missing', '{name} is in the manifest and not in storage.', 'Run again: npx logpipe run FILE'),
  OUTPUT_NOT_VALID: entry('bug', 4, 'An output is not as its schema says', '{detail}', 'Mend the SELECT or the schema that is named, in pipelines/openssh; nothing was published'),
  OUTPUT_CORRUPT: entry('bug', 4, 'An output is not what was written', '{name}: sha256 {found}, the manifest says {expected}.', 'Something else wrote under _runs/. Run again: npx logpipe run FILE'),
  COUNTS_DIFFER: entry('bug', 4, 'The counts do not add up', '{detail}', 'Please report it with the run report: npx logpipe runs show {runId} --json'),
  PART_CONFLICT: entry('bug', 1, 'An output exists with other bytes', '{name} was written before with sha256 {found}, now {expected}.', 'Run again: npx logpipe run FILE; please report it, a rerun must give the same bytes'),
  STAGE_FAILED: entry('bug', 1, 'A stage failed', '{stage}: {detail}', 'See the log of the host: {log}'),
  ORCHESTRATION_ENDED: entry('environment', 1, 'The orchestration ended before its run', 'The orchestration of {runId} is {status}: {detail}.', 'A deployment may have taken away the code that the run began with: npx logpipe runs retry {runId}'),
  TIMED_OUT: entry('environment', 1, 'It took too long', '{what} did not end within {seconds} s.', 'Look at its state: npx logpipe runs show {runId}'),

  // The API
  SIGN_IN_NEEDED: entry('user', 5, 'Sign in first', 'The request carries no key, session or token that holds.', 'Send the key as x-api-key, or open the address that npm run dev prints'),
  REQUEST_REFUSED: entry('user', 5, 'The request is refused', '{detail}.', 'Use the address that npm run dev prints; LOGPIPE_API_HOSTS adds host names, Entra roles rights: docs/api.md'),
  TOO_MANY_REQUESTS: entry('throttled', 3, 'Too many requests', 'More than {limit} requests came from this address in a minute.', 'Wait a minute, or raise LOGPIPE_API_RATE'),
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof ERRORS

/** Findings that do not stop a run. */
export const WARNINGS = {
  EMPTY_SOURCE: 'The source has no bytes (log rotation makes such files): the outputs are empty and valid.',
  TIMEZONE_ASSUMED: 'The lines carry no time zone: UTC was taken. Set sources[].timezone if that is wrong.',
  GZIP_TRUNCATED: 'The gzip stream ends in the middle: what could be read was read.',
  HIGH_QUARANTINED: 'Many lines could not be read: see silver/quarantine.json for the reasons.',
  HIGH_UNCLASSIFIED: 'Many sshd lines fit no known message: their event is unclassified.',
  TIME_BACKWARDS: 'Many lines are older than the line above them.',
  MLFLOW_DELAYED: 'MLflow does not have this run yet: it waits in the outbox and is sent later.',
  MODEL_FALLBACK: 'The current version of the model, or a part of it, could not be read: an older one, or none, was the baseline.',
  MODEL_PARTS_LOST: 'Some files that the model was learnt from could not be read any more: it was made without them.',
  MODEL_NOT_UPDATED: 'The data is published, the model did not learn from it.',
  SERVICES_NOT_UPDATED: 'The data is published, the services do not serve it.',
} as const
export type WarningCode = keyof typeof WARNINGS
