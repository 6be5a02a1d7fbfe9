"""A Spark session for one build: started, made quiet, and stopped whatever happens."""

import os
import shutil
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from extract.errors import PlankgError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_LOGGING = Path(__file__).with_name("log4j2.properties")
_DOCUMENTS_AT_ONCE = 200  # rows that are handed to Python together; a document is one
_HOME = "127.0.0.1"


@contextmanager
def session(master: str) -> Iterator["SparkSession"]:
    """Yield a session on the cluster at `master` ("local[4]", "spark://host:7077", "yarn"); stop it at the end.

    Everything else that Spark can be told stands where Spark looks for it, in `spark-defaults.conf`.

    Raises:
        PlankgError: pyspark or Java is not installed, or the cluster cannot be reached.
    """
    _check_installed()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with warnings.catch_warnings():
        # pyspark warns of every pandas that is newer than itself; no data frame of pandas is used here.
        warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        spark = _started(master)
        try:
            yield spark
        finally:
            with suppress(Exception):  # whatever failed in there says more than a session that cannot be stopped
                spark.stop()
            _end_gateway()
            for number, handler in before.items():
                signal.signal(number, handler)


def _check_installed() -> None:
    try:
        import pyarrow
        import pyspark
    except ImportError as error:
        raise PlankgError(f"{error.name} is not installed; run: pip install 'plankg[spark]'") from error
    del pyarrow, pyspark
    home = os.environ.get("JAVA_HOME")
    if not (home and Path(home, "bin", "java").exists()) and shutil.which("java") is None:
        raise PlankgError("Spark needs Java 17 or newer; install it (Debian: apt-get install openjdk-17-jre-headless)")


def _started(master: str) -> "SparkSession":
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    settings = {
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(_DOCUMENTS_AT_ONCE),
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_LOGGING.as_uri()}",
    }
    if master.startswith("local"):
        # Nothing of a build on one machine is seen from outside.
        os.environ.setdefault("SPARK_LOCAL_IP", _HOME)
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        settings |= {"spark.driver.host": _HOME, "spark.driver.bindAddress": _HOME, "spark.ui.enabled": "false"}
        settings |= {"spark.executor.extraJavaOptions": f"-Dlog4j2.configurationFile={_LOGGING.as_uri()}"}
    builder = SparkSession.builder.master(master).appName("plankg build")
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, RuntimeError, OSError) as error:
        raise PlankgError(f"Spark at {master} cannot be started ({_first_line(error)}); check --master") from error
    except Exception as error:  # py4j tells every failure in Java by an exception of its own
        if type(error).__module__.startswith("py4j"):
            raise PlankgError(f"Spark at {master} cannot be started ({_cause(error)}); check --master") from error
        raise


def _end_gateway() -> None:
    """End the Java process, too: it would wait for this one's next session."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    if gateway is None:
        return
    SparkContext._gateway = SparkContext._jvm = None
    process = getattr(gateway, "proc", None)
    with suppress(Exception):
        gateway.shutdown()
    if process is not None:
        process.stdin.close()
        process.wait(timeout=60)


def failure(error: BaseException) -> str:
    """Return what an error of Spark comes down to, on one line."""
    return _cause(error)


def _cause(error: BaseException) -> str:
    """Return the last line of the error that tells a cause: Java and Python both end their traces with it."""
    lines = [line.strip() for line in str(error).splitlines()]
    told = [line for line in lines if ("Error: " in line or "Exception: " in line) and not line.startswith("at ")]
    return (told[-1] if told else _first_line(error)).removeprefix("Caused by: ")


def _first_line(error: BaseException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
