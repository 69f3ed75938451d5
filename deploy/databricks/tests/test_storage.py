import pickle

import pytest

import run_layer
from logpipe_layer.errors import LayerError
from logpipe_layer.storage import BlobStorage


@pytest.mark.parametrize(
    ("scheme", "endpoint", "url"),
    [
        ("abfss", "", "abfss://bronze@acme.dfs.core.windows.net/a/b.json"),
        ("wasbs", "", "wasbs://bronze@acme.blob.core.windows.net/a/b.json"),
        ("abfss", "https://acme.blob.core.chinacloudapi.cn", "abfss://bronze@acme.dfs.core.chinacloudapi.cn/a/b.json"),
        ("wasb", "http://127.0.0.1:10000/acme", "wasb://bronze@acme/a/b.json"),
    ],
)
def test_urls_of_spark(scheme, endpoint, url):
    assert run_layer.open_storage("acme", scheme, endpoint).url("bronze", "a/b.json") == url


def test_a_cluster_without_credentials_is_told(monkeypatch):
    for name in ("LOGPIPE_STORAGE_KEY", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(LayerError) as caught:
        BlobStorage("acme", "abfss").stat("bronze", "a")
    assert caught.value.code == "STORAGE_SETTING_WRONG"


def test_no_key_is_sent_to_the_workers():
    storage = BlobStorage("acme", "abfss")
    storage._client = "holds the key"
    assert b"holds the key" not in pickle.dumps(storage)


def test_an_account_that_does_not_answer(monkeypatch):
    monkeypatch.setenv("LOGPIPE_STORAGE_KEY", "a2V5")
    storage = BlobStorage("acme", "wasb", "http://127.0.0.1:1/acme")
    storage._service()._config.retry_policy.total_retries = 0
    with pytest.raises(LayerError) as caught:
        storage.stat("bronze", "a")
    assert (caught.value.code, caught.value.fields["endpoint"]) == ("STORAGE_UNREACHABLE", "http://127.0.0.1:1/acme")
