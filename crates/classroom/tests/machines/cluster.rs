//! A cluster of one node on this machine: Slurm's daemons, with a configuration and folders of their own.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// If this is set, Slurm has to be there.
const REQUIRED: &str = "CLASS_TOOLS_REQUIRED";

/// How long the daemons may take to start.
const START: Duration = Duration::from_secs(60);

pub struct Cluster {
    folder: TempDir,
    daemons: Vec<Child>,
}

impl Cluster {
    /// Starts it; `None` if Slurm is not installed.
    pub fn start() -> Option<Self> {
        let programs = ["munged", "slurmctld", "slurmd", "sbatch"].map(program);
        let [Some(munged), Some(slurmctld), Some(slurmd), Some(_)] = programs else {
            assert!(
                env::var_os(REQUIRED).is_none(),
                "Slurm is not here, and {REQUIRED} is set"
            );
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder can be created");
        let mut cluster = Self {
            folder,
            daemons: Vec::new(),
        };
        for name in ["munge", "state", "spool"] {
            fs::create_dir(cluster.path(name)).expect("writable");
        }
        fs::write(cluster.path("slurm.conf"), cluster.configuration()).expect("writable");
        fs::write(cluster.path("munge/key"), [7; 128]).expect("writable");
        let option = |name: &str, file: &str| {
            format!("--{name}={}", cluster.path("munge").join(file).display())
        };
        let munge = [
            // It would refuse a folder of which others can write the parent.
            "--force".to_owned(),
            "--foreground".to_owned(),
            option("key-file", "key"),
            option("socket", "socket"),
            option("pid-file", "pid"),
            option("log-file", "log"),
            option("seed-file", "seed"),
        ];
        cluster.daemon(&munged, &munge);
        cluster.wait("munged", |cluster| cluster.path("munge/socket").exists());
        cluster.daemon(&slurmctld, &["-D", "-i"]);
        cluster.daemon(&slurmd, &["-D"]);
        cluster.wait("Slurm", |cluster| {
            let mut list = cluster.command("sinfo");
            let listed = list.args(["--noheader", "--format=%T"]).output();
            listed.is_ok_and(|listed| listed.stdout.starts_with(b"idle"))
        });
        Some(cluster)
    }

    /// A command that finds this cluster.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("SLURM_CONF", self.path("slurm.conf"));
        command
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn configuration(&self) -> String {
        let host = Command::new("hostname").arg("-s").output();
        let host = String::from_utf8(host.expect("it is there").stdout).expect("it is text");
        let host = host.trim();
        let user = Command::new("id").arg("-un").output();
        let user = String::from_utf8(user.expect("it is there").stdout).expect("it is text");
        let user = user.trim();
        let folder = self.folder.path().display();
        let [controller, node] = free_ports();
        // A node may have more processors and memory than the machine, which is told to accept that.
        format!(
            "ClusterName=test\n\
             SlurmctldHost={host}(127.0.0.1)\n\
             SlurmctldPort={controller}\n\
             SlurmdPort={node}\n\
             SlurmUser={user}\n\
             SlurmdUser={user}\n\
             AuthType=auth/munge\n\
             AuthInfo=socket={folder}/munge/socket\n\
             StateSaveLocation={folder}/state\n\
             SlurmdSpoolDir={folder}/spool\n\
             SlurmctldPidFile={folder}/slurmctld.pid\n\
             SlurmdPidFile={folder}/slurmd.pid\n\
             SlurmctldLogFile={folder}/slurmctld.log\n\
             SlurmdLogFile={folder}/slurmd.log\n\
             ProctrackType=proctrack/linuxproc\n\
             TaskPlugin=task/none\n\
             SwitchType=switch/none\n\
             MpiDefault=none\n\
             ReturnToService=2\n\
             SchedulerParameters=sched_interval=1,batch_sched_delay=0\n\
             SelectType=select/cons_tres\n\
             SelectTypeParameters=CR_Core\n\
             SlurmdParameters=config_overrides\n\
             NodeName={host} NodeAddr=127.0.0.1 CPUs=4 RealMemory=16000 State=UNKNOWN\n\
             PartitionName=all Nodes=ALL Default=YES State=UP\n"
        )
    }

    fn daemon<S: AsRef<OsStr>>(&mut self, program: &Path, arguments: &[S]) {
        let mut daemon = self.command(program);
        daemon.args(arguments).stdin(Stdio::null());
        let daemon = daemon.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.daemons.push(daemon.expect("it starts"));
    }

    fn wait(&mut self, what: &str, is_up: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !is_up(self) {
            let ended = self
                .daemons
                .iter_mut()
                .any(|daemon| !matches!(daemon.try_wait(), Ok(None)));
            assert!(
                !ended && start.elapsed() < START,
                "{what} does not start:\n{}",
                self.logs()
            );
            pause();
        }
    }

    /// What the daemons say.
    pub fn logs(&self) -> String {
        ["munge/log", "slurmctld.log", "slurmd.log"]
            .map(|log| fs::read_to_string(self.path(log)).unwrap_or_default())
            .concat()
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "daemons of others do not say when they are up"
)]
fn pause() {
    std::thread::sleep(Duration::from_millis(100));
}

/// Two ports that are free now.
fn free_ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port is free"));
    listeners.map(|listener| listener.local_addr().expect("it listens").port())
}

/// The path of a program. Daemons are in folders that are not in every PATH.
fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]);
    folders
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for daemon in self.daemons.iter_mut().rev() {
            // They may have ended by themselves.
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}
