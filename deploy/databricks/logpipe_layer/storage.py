"""Blobs by container and name: Azure's, or a folder of this machine (scheme `file`) that is laid out alike."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from typing import Any, Dict, Iterator, NamedTuple, Optional, Tuple, Union
from urllib.parse import urlsplit

from .errors import LayerError

CHUNK = 4 * 2**20


class Stat(NamedTuple):
    """Size of a blob, and the sha256 that its writer noted."""

    bytes: int
    sha256: Optional[str]


class FolderStorage:
    """Blobs as files of a folder: for a look at a layer without Azure, and for tests."""

    def __init__(self, root: str) -> None:
        self.root = os.path.abspath(root)

    def url(self, container: str, name: str) -> str:
        """Where Spark finds it."""
        return f"file://{self.path(container, name)}"

    def path(self, container: str, name: str) -> str:
        """The file."""
        return os.path.join(self.root, container, name)

    def stat(self, container: str, name: str) -> Optional[Stat]:
        """None where there is no such blob."""
        path = self.path(container, name)
        return Stat(os.path.getsize(path), None) if os.path.isfile(path) else None

    def read(self, container: str, name: str, start: int = 0, end: Optional[int] = None, etag: Optional[str] = None) -> Iterator[bytes]:
        """Bytes from `start` to before `end`, in chunks."""
        try:
            file = open(self.path(container, name), "rb")
        except FileNotFoundError:
            raise LayerError("BLOB_NOT_FOUND", container=container, name=name) from None
        with file:
            file.seek(start)
            left = os.fstat(file.fileno()).st_size - start if end is None else end - start
            while left > 0:
                chunk = file.read(min(CHUNK, left))
                if not chunk:
                    return
                left -= len(chunk)
                yield chunk

    def create(self, container: str, name: str, path: str, sha256: str) -> None:
        """Puts a local file where nothing is; the same bytes there already are fine."""
        target = self.path(container, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        beside = f"{target}.{os.getpid()}.new"
        shutil.copyfile(path, beside)
        try:
            os.link(beside, target)
        except FileExistsError:
            same_bytes(self, container, name, sha256)
        finally:
            os.remove(beside)

    def put(self, container: str, name: str, body: bytes) -> None:
        """Writes a small blob, whatever is there."""
        target = self.path(container, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(f"{target}.new", "wb") as file:
            file.write(body)
        os.replace(f"{target}.new", target)

    def remove(self, container: str, prefix: str) -> None:
        """Removes a folder, which `prefix` names with its slash."""
        shutil.rmtree(self.path(container, prefix), ignore_errors=True)


class BlobStorage:
    """Azure Blob Storage. The key, or the service principal, is in the environment of the driver and of each worker."""

    def __init__(self, account: str, scheme: str, endpoint: str = "") -> None:
        self.account = account
        self.scheme = scheme
        self.endpoint = endpoint or f"https://{account}.blob.core.windows.net"
        self._client: Any = None

    def __getstate__(self) -> Dict[str, Any]:
        return {**self.__dict__, "_client": None}

    def url(self, container: str, name: str) -> str:
        """Where Spark finds it."""
        host = urlsplit(self.endpoint).hostname or ""
        if not host.startswith(f"{self.account}."):
            host = self.account  # the storage emulator, which Hadoop knows by the account's name alone
        elif self.scheme.startswith("abfs"):
            host = host.replace(".blob.", ".dfs.", 1)
        return f"{self.scheme}://{container}@{host}/{name}"

    def stat(self, container: str, name: str) -> Optional[Stat]:
        """None where there is no such blob."""
        try:
            found = self._call(container, name, lambda blob: blob.get_blob_properties())
        except LayerError as error:
            if error.code == "BLOB_NOT_FOUND":
                return None
            raise
        return Stat(found.size, (found.metadata or {}).get("sha256"))

    def read(self, container: str, name: str, start: int = 0, end: Optional[int] = None, etag: Optional[str] = None) -> Iterator[bytes]:
        """Bytes from `start` to before `end`, in chunks, all of one version: SOURCE_CHANGED where the blob is not at `etag`."""
        from azure.core import MatchConditions

        if end is not None and end <= start:
            return
        pinned = {} if etag is None else {"etag": f'"{etag}"', "match_condition": MatchConditions.IfNotModified}
        length = None if end is None else end - start
        stream = self._call(container, name, lambda blob: blob.download_blob(offset=start, length=length, **pinned), etag)
        chunks = stream.chunks()
        while True:
            chunk = self._call(container, name, lambda _blob: next(chunks, None), etag)
            if chunk is None:
                return
            if chunk:
                yield chunk

    def create(self, container: str, name: str, path: str, sha256: str) -> None:
        """Uploads a local file where nothing is; the same bytes there already are fine."""
        from azure.core.exceptions import ResourceExistsError

        def upload(blob: Any) -> bool:
            with open(path, "rb") as file:
                try:
                    blob.upload_blob(file, length=os.path.getsize(path), overwrite=False, metadata={"sha256": sha256})
                    return True
                except ResourceExistsError:
                    return False

        if not self._call(container, name, upload):
            same_bytes(self, container, name, sha256)

    def put(self, container: str, name: str, body: bytes) -> None:
        """Writes a small blob, whatever is there."""
        self._call(container, name, lambda blob: blob.upload_blob(body, overwrite=True))

    def remove(self, container: str, prefix: str) -> None:
        """Removes all blobs below a prefix; the deepest first, because a folder of a hierarchical namespace must be empty."""
        client = self._service().get_container_client(container)
        for name in sorted((blob.name for blob in client.list_blobs(name_starts_with=prefix)), reverse=True):
            client.delete_blob(name)

    def _service(self) -> Any:
        if self._client is None:
            from azure.storage.blob import BlobServiceClient

            self._client = BlobServiceClient(self.endpoint, credential=self._credential(), max_single_get_size=CHUNK, max_chunk_get_size=CHUNK)
        return self._client

    def _credential(self) -> Any:
        key = os.environ.get("LOGPIPE_STORAGE_KEY")
        if key:
            return {"account_name": self.account, "account_key": key}
        from azure.identity import ClientSecretCredential

        names = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")
        if not all(os.environ.get(name) for name in names):
            detail = f"the cluster has neither LOGPIPE_STORAGE_KEY nor {', '.join(names)}"
            raise LayerError("STORAGE_SETTING_WRONG", detail=detail)
        return ClientSecretCredential(*(os.environ[name] for name in names))

    def _call(self, container: str, name: str, call: Any, etag: Optional[str] = None) -> Any:
        """The SDK retries short faults by itself; what is left is told by code."""
        from azure.core import exceptions

        try:
            return call(self._service().get_blob_client(container, name))
        except exceptions.ResourceModifiedError:
            raise LayerError("SOURCE_CHANGED", container=container, name=name, etag=etag) from None
        except exceptions.ResourceNotFoundError:
            raise LayerError("BLOB_NOT_FOUND", container=container, name=name) from None
        except exceptions.ClientAuthenticationError as error:
            raise LayerError("STORAGE_REFUSED", endpoint=self.endpoint, status=error.status_code, detail=code_of(error)) from None
        except exceptions.HttpResponseError as error:
            if error.status_code in (401, 403):
                raise LayerError("STORAGE_REFUSED", endpoint=self.endpoint, status=error.status_code, detail=code_of(error)) from None
            raise LayerError("STORAGE_FAILED", operation="call", name=name, detail=f"{error.status_code} {code_of(error)}") from None
        except (exceptions.ServiceRequestError, exceptions.ServiceResponseError) as error:
            raise LayerError("STORAGE_UNREACHABLE", endpoint=self.endpoint, detail=type(error).__name__) from None


Storage = Union[BlobStorage, FolderStorage]


def code_of(error: Any) -> str:
    """Storage's own code; never its message, which may hold what was signed."""
    return str(getattr(error, "error_code", None) or error.reason or "")


def same_bytes(storage: Storage, container: str, name: str, sha256: str) -> None:
    """Throws PART_CONFLICT unless what stands there has this hash."""
    stat = storage.stat(container, name)
    found = stat.sha256 if stat is not None else None
    if found is None:
        digest = hashlib.sha256()
        for chunk in storage.read(container, name):
            digest.update(chunk)
        found = digest.hexdigest()
    if found != sha256:
        raise LayerError("PART_CONFLICT", name=name, found=found, expected=sha256)


class PartFile:
    """A part that is being written: to a file of this machine first, then to its place."""

    def __init__(self) -> None:
        descriptor, self.path = tempfile.mkstemp(prefix="logpipe-")
        os.close(descriptor)

    def publish(self, storage: Storage, container: str, name: str) -> Tuple[int, str]:
        """Uploads it where nothing is yet; gives size and hash. A task may be run twice: the same bytes there already are fine."""
        digest = hashlib.sha256()
        with open(self.path, "rb") as file:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                digest.update(chunk)
        storage.create(container, name, self.path, digest.hexdigest())
        return os.path.getsize(self.path), digest.hexdigest()

    def discard(self) -> None:
        """Removes the local file."""
        os.remove(self.path)
