from pathlib import Path

import pytest

from webapp.config import LOOPBACK, Config, ConfigError, data_dir, default_runs


def test_without_settings_the_users_data_folder_is_used() -> None:
    config = Config.from_environ({"XDG_DATA_HOME": "/data", "LOCALAPPDATA": "/data"})
    assert config.database.startswith("sqlite:///")
    assert config.database.endswith("course.sqlite3")
    assert config.hosts == LOOPBACK
    assert config.workspace is None
    assert 2 <= default_runs() <= 8


def test_settings_are_read_from_the_environment(tmp_path: Path) -> None:
    config = Config.from_environ(
        {
            "COURSE_DATA": str(tmp_path),
            "COURSE_WORKSPACE": str(tmp_path / "mine"),
            "COURSE_HOSTS": "course.example, other.example",
            "COURSE_HTTPS": "1",
            "COURSE_RUNS_AT_ONCE": "5",
            "COURSE_SANDBOX": "process",
        }
    )
    assert config.database == f"sqlite:///{tmp_path / 'course.sqlite3'}"
    assert config.workspace == tmp_path / "mine"
    assert config.hosts == ("course.example", "other.example")
    assert config.secure_cookie
    assert (config.runs_at_once, config.sandbox) == (5, "process")


def test_a_database_of_its_own_wins() -> None:
    assert Config.from_environ({"COURSE_DATABASE": "postgresql://x/y"}).database.endswith("x/y")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COURSE_RUNS_AT_ONCE", "0"),
        ("COURSE_RUNS_WAITING", "many"),
        ("COURSE_RUNS_PER_MINUTE", "-1"),
        ("COURSE_SANDBOX", "none"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Config.from_environ({name: value})


def test_the_data_folder_can_be_chosen(tmp_path: Path) -> None:
    assert data_dir({"COURSE_DATA": str(tmp_path)}) == tmp_path
