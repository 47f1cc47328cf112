"""What learners hand in is read within bounds; what cannot be read is one clear sentence."""

import io
import os
import stat
import struct
import warnings
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker import submission
from checker.grading import archive
from checker.grading.archive import Folder, Script, Zip
from checker.submission import SubmissionError

TOP = PurePosixPath()


def zipped(path: Path, files: dict[str, bytes | str]) -> Zip:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return Zip(path)


def special(path: Path, name: str, mode: int, data: bytes = b"/etc/passwd") -> Zip:
    """A zip with one entry whose mode says that it is no regular file."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (mode | 0o644) << 16
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(info, data)
    return Zip(path)


def refusal(holder: archive.Holder, place: PurePosixPath = TOP) -> str:
    with pytest.raises(SubmissionError) as refused:
        holder.read(place)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alice.zip"


def test_a_zip_and_a_folder_with_the_same_files_are_the_same(tmp_path: Path, path: Path) -> None:
    files: dict[str, bytes | str] = {
        "app.py": b"x = 1\n",
        "templates/index.html": b"<p>",
        "venv/bin/python": b"no",
        "__pycache__/app.pyc": b"no",
        ".env": b"no",
        "__MACOSX/._app.py": b"no",
        "old.pyc": b"no",
    }
    for name, data in files.items():
        target = tmp_path / "folder" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data if isinstance(data, bytes) else data.encode())
    from_zip = zipped(path, files).read(TOP)
    assert from_zip.files == Folder(tmp_path / "folder").read(TOP).files
    assert sorted(from_zip.files) == ["app.py", "templates/index.html"]


def test_a_zip_lists_what_is_directly_there(path: Path) -> None:
    holder = zipped(path, {"04/app.py": b"", "04/static/a.js": b"", "notes.txt": b"", "05/": b""})
    assert holder.entries(TOP) == {"04": "folder", "notes.txt": "file", "05": "folder"}
    assert holder.entries(PurePosixPath("04")) == {"app.py": "file", "static": "folder"}
    assert list(holder.read(PurePosixPath("04")).files) == ["app.py", "static/a.js"]


def test_names_that_some_windows_programs_write(path: Path) -> None:
    assert list(zipped(path, {"04\\app.py": b""}).read(PurePosixPath("04")).files) == ["app.py"]


@pytest.mark.parametrize(
    "name",
    ["../app.py", "a/../../app.py", "/app.py", "//x", "C:\\app.py", "..\\app.py", "ok/..", "\\app"],
)
def test_names_that_lead_out_of_the_zip(path: Path, name: str) -> None:
    assert "leads out of it" in refusal(zipped(path, {"app.py": b"", name: b""}))


def test_a_nul_in_a_name(path: Path) -> None:
    zipped(path, {"app.py": b"", "evilXname.py": b""})
    path.write_bytes(path.read_bytes().replace(b"evilXname", b"evil\0name"))
    with pytest.raises(SubmissionError):
        Zip(path).read(TOP)


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (stat.S_IFLNK, "symbolic link"),
        (stat.S_IFIFO, "pipe"),
        (stat.S_IFSOCK, "pipe"),
        (stat.S_IFCHR, "device"),
        (stat.S_IFBLK, "device"),
    ],
)
def test_entries_that_are_no_files(path: Path, mode: int, said: str) -> None:
    assert said in refusal(special(path, "app.py", mode))


def test_links_in_a_virtual_environment_do_no_harm(path: Path) -> None:
    assert special(path, "venv/bin/python", stat.S_IFLNK).read(TOP).files == {}


def test_a_password(path: Path) -> None:
    zipped(path, {"app.py": b"x"})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(data)
    assert refusal(Zip(path)) == "The zip is locked with a password; hand it in without one."


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_a_bound(path: Path, method: int) -> None:
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("app.py", b"x" * 1000)
    assert "unusual way" in refusal(Zip(path))


def test_a_file_that_grows_a_thousandfold(path: Path) -> None:
    assert "-fold when it is unpacked" in refusal(zipped(path, {"app.py": b"0" * 500_000}))


def test_a_file_that_is_too_large(path: Path) -> None:
    assert "larger than 512,000 bytes" in refusal(zipped(path, {"app.py": os.urandom(600_000)}))


def test_a_size_that_is_a_lie(path: Path) -> None:
    zipped(path, {"app.py": os.urandom(600_000)})
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", 10)
    path.write_bytes(data)
    assert "not a zip that can be read" in refusal(Zip(path))


def test_files_that_are_too_large_together(path: Path) -> None:
    many: dict[str, bytes | str] = {f"f{number}.bin": os.urandom(400_000) for number in range(11)}
    assert "more than 200 files or 4,000,000 bytes" in refusal(zipped(path, many))


def test_too_many_files(path: Path) -> None:
    many: dict[str, bytes | str] = {f"f{number}.txt": b"" for number in range(201)}
    assert "more than 200 files" in refusal(zipped(path, many))


def test_a_hundred_thousand_entries(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        for number in range(100_000):
            file.writestr(zipfile.ZipInfo(f"f{number}"), b"")
    assert refusal(Zip(path)) == "The zip holds too many entries; zip only your own files."


def test_many_entries_in_ignored_folders_are_fine(path: Path) -> None:
    many: dict[str, bytes | str] = {f"venv/lib/f{number}.py": b"" for number in range(5000)}
    assert list(zipped(path, {"app.py": b"x", **many}).read(TOP).files) == ["app.py"]


def test_depth(path: Path) -> None:
    assert "deeper than 8 folders" in refusal(zipped(path, {"a/" * 9 + "app.py": b""}))


def test_one_name_twice(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("app.py", b"one")
            file.writestr("app.py", b"two")
    assert refusal(Zip(path)) == "The zip holds `app.py` twice."


def test_names_that_differ_in_case_only(tmp_path: Path, path: Path) -> None:
    assert "one name on some systems" in refusal(zipped(path, {"app.py": b"", "App.py": b""}))
    (tmp_path / "folder").mkdir()
    for name in ("app.py", "App.py"):
        (tmp_path / "folder" / name).write_bytes(b"")
    if len(os.listdir(tmp_path / "folder")) == 2:
        assert "one name on some systems" in refusal(Folder(tmp_path / "folder"))


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06", b"\x00" * 100, b"text" * 1000])
def test_a_zip_that_is_none(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    assert refusal(Zip(path)).startswith("`alice.zip` is not a zip that can be read")


def test_a_zip_that_is_too_large(path: Path) -> None:
    with open(path, "wb") as file:
        file.truncate(archive.MAX_ZIP_BYTES + 1)
    assert "larger than 64,000,000 bytes" in refusal(Zip(path))


def test_damaged_content(path: Path) -> None:
    zipped(path, {"app.py": b"print('hello')\n" * 50})
    data = bytearray(path.read_bytes())
    data[45] ^= 0xFF
    path.write_bytes(data)
    assert "not a zip that can be read" in refusal(Zip(path))


def sound_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("04/app.py", b"x = 1\n" * 40)
        file.writestr("04/templates/index.html", b"<p>")
    return buffer.getvalue()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6), st.integers(0))
def test_a_spoiled_zip_is_read_or_refused(
    path: Path, changes: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(sound_zip())
    for place, value in changes:
        data[place % len(data)] = value
    path.write_bytes(data[: len(data) - length % 30])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            entries = Zip(path).entries(TOP)
            read = Zip(path).read(PurePosixPath("04"))
        except (SubmissionError, OSError):
            return
    assert all(isinstance(name, str) for name in entries)
    assert sum(map(len, read.files.values())) <= submission.MAX_TOTAL_BYTES


def test_a_script_is_an_app(tmp_path: Path) -> None:
    (tmp_path / "alice.py").write_bytes(b"x = 1\n")
    assert Script(tmp_path / "alice.py").read(TOP).files == {"app.py": b"x = 1\n"}


def test_a_script_alone_is_read_and_not_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(b"x = 1\n")
    (tmp_path / "secret.py").write_bytes(b"")
    assert list(Script(tmp_path / "app.py").read(TOP).files) == ["app.py"]


def test_a_pipe_or_a_link_under_a_right_name_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.zip")
    (tmp_path / "real.zip").write_bytes(sound_zip())
    (tmp_path / "link.zip").symlink_to(tmp_path / "real.zip")
    assert "not a regular file" in refusal(Zip(tmp_path / "pipe.zip"))
    with pytest.raises(OSError, match="symbolic"):
        Zip(tmp_path / "link.zip").read(TOP)


def test_a_folder_with_absurdly_many_entries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_ENTRIES", 10)
    for number in range(11):
        (tmp_path / str(number)).touch()
    with pytest.raises(SubmissionError, match="more than 10 entries"):
        Folder(tmp_path).entries(TOP)
