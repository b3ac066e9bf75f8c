#!/usr/bin/env python3
"""Grades a class by the Slurm script of docs/clusters.md, on a real Slurm of one node.

Usage: Tests/Peers/slurm.py WORKBOOK-PROGRAM

The class is cut into eight array tasks and merged by the commands of the page; the merged gradebook must
have the digest of one run. Where Slurm cannot be started, that is said and the script ends well.
"""
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PUZZLE = "puzzle9-privileged-basis"
NEEDED = ["munged", "slurmctld", "slurmd", "sbatch", "sinfo", "squeue"]

CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={root}/munge.sock
CredType=cred/munge
SlurmctldPort={port}
SlurmdPort={next_port}
StateSaveLocation={root}/state
SlurmdSpoolDir={root}/spool
SlurmctldPidFile={root}/slurmctld.pid
SlurmdPidFile={root}/slurmd.pid
SlurmctldLogFile={root}/slurmctld.log
SlurmdLogFile={root}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
MailProg=/bin/true
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=3072 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(0)


class Cluster:
    """The daemons, with a key, ports and folders of their own."""

    def __init__(self, root):
        self.root = root
        self.daemons = []
        os.chmod(root, 0o755)
        (root / "state").mkdir()
        (root / "spool").mkdir()
        key = root / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        port = random.randrange(20_000, 40_000)
        host = os.uname().nodename.split(".")[0]
        (root / "slurm.conf").write_text(
            CONFIGURATION.format(
                root=root, host=host, port=port, next_port=port + 1, cpus=os.cpu_count() or 1
            )
        )
        self.environment = dict(os.environ, SLURM_CONF=str(root / "slurm.conf"))

    def start(self):
        """Starts the daemons; returns why they do not run, or None."""
        root = self.root
        self.daemon(
            "munged", "--foreground", "--force", "--socket", root / "munge.sock",
            "--key-file", root / "munge.key", "--pid-file", root / "munge.pid",
            "--log-file", root / "munge.log", "--seed-file", root / "munge.seed",
        )
        if not wait(10, (root / "munge.sock").exists):
            return "munged makes no socket"
        self.daemon("slurmctld", "-D")
        self.daemon("slurmd", "-D")
        if not wait(40, lambda: "idle" in self.run("sinfo", "-h", "-o", "%T", check=False)):
            return "its node is never idle"
        return None

    def daemon(self, *arguments):
        log = open(self.root / f"{arguments[0]}.out", "wb")
        self.daemons.append(
            subprocess.Popen(
                [str(argument) for argument in arguments],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )
        )

    def run(self, *arguments, cwd=None, check=True):
        done = subprocess.run(
            [str(argument) for argument in arguments], cwd=cwd, env=self.environment, timeout=60,
            check=check, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        return done.stdout

    def stop(self):
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()


def wait(seconds, is_so):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.3)
    return is_so()


def make_course(folder):
    """Makes a course with one puzzle, and a class of 24 that answers it well, badly or not at all."""
    for part in ["puzzles", "solutions"]:
        shutil.copytree(REPOSITORY / part / PUZZLE, folder / "course" / part / PUZZLE)
    (folder / "course" / "models").symlink_to(REPOSITORY / "models")
    answers = ["layers: [last-cross, final]", "layers: [final]", "split: [queries, keys]"]
    for number in range(24):
        own = folder / "class" / f"learner {number}"
        own.mkdir(parents=True)
        text = f"puzzle: {PUZZLE}\nanswers:\n  {answers[number % 3]}\n"
        (own / f"{PUZZLE}.yaml").write_text("puzzle: [\n" if number % 5 == 0 else text)


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    os.environ["PATH"] = f"{program.parent}:/usr/sbin:/sbin:{os.environ['PATH']}"
    if os.geteuid() != 0:
        skip("Slurm's daemons need root")
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        skip(f"not installed: {', '.join(missing)} (apt-get install slurm-wlm munge)")
    page = (REPOSITORY / "docs" / "clusters.md").read_text()
    script, submit = re.findall(r"```bash\n(.*?)```", page, re.DOTALL)[:2]
    with tempfile.TemporaryDirectory(prefix="slurm-", dir="/tmp") as name:
        root = pathlib.Path(name)
        folder = root / "work"
        folder.mkdir()
        make_course(folder)
        (folder / "grade.sbatch").write_text(script)
        (folder / "submit.sh").write_text(submit)
        cluster = Cluster(root)
        try:
            reason = cluster.start()
            if reason:
                skip(f"Slurm does not start here: {reason}")
            whole = cluster.run(
                program, "grade", "class", "--workbook", "course", "--out", "whole.sqlite", cwd=folder
            )
            digest = whole.split()[-1]
            cluster.run("bash", "submit.sh", cwd=folder)
            log = folder / "merge.log"
            if not wait(300, lambda: log.exists() and "Gradebook:" in log.read_text()):
                print(cluster.run("squeue", "-l", check=False))
                for file in sorted(folder.glob("*.log")) + sorted(root.glob("*.log")):
                    print(f"--- {file.name}\n{file.read_text()[-2000:]}")
                sys.exit("the merged gradebook never came")
            merged = log.read_text()
            parts = list(folder.glob("part-*.sqlite"))
            assert len(parts) == 8, parts
            assert "24 of 24 grades added" in merged, merged
            assert digest in merged, (digest, merged)
            print(f"8 array tasks of Slurm, merged, give the digest of one run: {digest}")
        finally:
            cluster.stop()


if __name__ == "__main__":
    main()
