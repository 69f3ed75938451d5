"""Drives a workspace by the official client: drive.py HOST TOKEN. Prints one JSON object of what it saw."""
import json
import sys

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import PermissionDenied, ResourceDoesNotExist, Unauthenticated
from databricks.sdk.service import compute, jobs, workspace


def main(host: str, token: str) -> dict:
    client = WorkspaceClient(host=host, token=token, auth_type="pat")
    seen = {"me": client.current_user.me().user_name}
    client.workspace.mkdirs("/Shared/sdk")
    for name, text in (("notebook", "IyBEYXRhYnJpY2tzIG5vdGVib29rIHNvdXJjZQo="), ("other", "cHJpbnQoKQo=")):
        client.workspace.import_(f"/Shared/sdk/{name}", content=text, format=workspace.ImportFormat.SOURCE, language=workspace.Language.PYTHON, overwrite=True)
    seen["type"] = client.workspace.get_status("/Shared/sdk/notebook").object_type.value
    seen["objects"] = sorted(found.path for found in client.workspace.list("/Shared/sdk"))
    try:
        client.workspace.get_status("/Shared/nothing")
    except ResourceDoesNotExist as error:
        seen["missing"] = type(error).__name__

    client.secrets.create_scope("sdk")
    client.secrets.put_secret("sdk", "key", string_value="value")
    seen["secrets"] = [secret.key for scope in client.secrets.list_scopes() if scope.name == "sdk" for secret in client.secrets.list_secrets("sdk")]
    seen["node"] = client.clusters.select_node_type(min_cores=4) in {node.node_type_id for node in client.clusters.list_node_types().node_types}

    task = jobs.Task(
        task_key="layer",
        notebook_task=jobs.NotebookTask(notebook_path="/Shared/sdk/notebook"),
        new_cluster=compute.ClusterSpec(spark_version="13.3.x-scala2.12", node_type_id="Standard_DS3_v2", num_workers=2),
    )
    made = [client.jobs.create(name=f"sdk-{n}", tasks=[task], parameters=[jobs.JobParameterDefinition(name="task", default="")]).job_id for n in range(25)]
    seen["jobs"] = sum(1 for job in client.jobs.list() if job.settings.name.startswith("sdk-"))
    seen["named"] = [job.job_id for job in client.jobs.list(name="sdk-7")] == [made[7]]
    seen["settings"] = client.jobs.get(made[0]).settings.tasks[0].new_cluster.node_type_id

    first = client.jobs.run_now(made[0], idempotency_token="once", job_parameters={"task": "x"})
    again = client.jobs.run_now(made[0], idempotency_token="once", job_parameters={"task": "x"})
    seen["same"] = first.run_id == again.run_id
    run = first.result()
    seen["run"] = [run.state.result_state.value, run.status.state.value, run.status.termination_details.code.value]
    seen["runs"] = [found.run_id for found in client.jobs.list_runs(job_id=made[0])] == [run.run_id]
    try:
        client.clusters.get("forbidden")
    except PermissionDenied as error:
        seen["forbidden"] = type(error).__name__
    try:
        WorkspaceClient(host=host, token="wrong", auth_type="pat").current_user.me()
    except Unauthenticated as error:
        seen["wrong"] = type(error).__name__
    return seen


print(json.dumps(main(*sys.argv[1:3])))
