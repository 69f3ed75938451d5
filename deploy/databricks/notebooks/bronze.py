# Databricks notebook source
# MAGIC %md
# MAGIC # Bronze: every line of the source as it was, in order (Parquet)
# MAGIC Reads the source by byte ranges, gzip and UTF-16 in one stream; writes `lines` with exact line numbers and byte offsets.
# MAGIC
# MAGIC The job is started by logpipe's orchestrator, once a run and attempt. Its task is a JSON document in storage (widget `task`); its report
# MAGIC lies beside the outputs, as `_REPORT.bronze.json`. Starting it again with the same task changes nothing.

# COMMAND ----------

dbutils.widgets.text("task", "", "Task document: container/name")
dbutils.widgets.text("storage_account", "", "Storage account")
dbutils.widgets.text("scheme", "abfss", "Scheme of Spark's URLs")
dbutils.widgets.text("blob_endpoint", "", "Blob endpoint, where it is not the public cloud's")
dbutils.widgets.text("code", "", "Workspace folder of run_layer.py")

# COMMAND ----------

import json
import sys

sys.path.insert(0, dbutils.widgets.get("code"))

import run_layer

names = ("task", "storage_account", "scheme", "blob_endpoint")
report = run_layer.run(spark, "bronze", **{name: dbutils.widgets.get(name) for name in names})

# COMMAND ----------

# MAGIC %md
# MAGIC ## What it says

# COMMAND ----------

print(json.dumps({name: report[name] for name in ("counts", "warnings", "parts")}, indent=2))
