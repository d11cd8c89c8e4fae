//! A Postgres server in a temporary folder, for all tests of this program.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// The server is reached through a socket in its folder, so it needs no port. It ends when its standard input does: with the test
/// program, however that ends.
pub struct Cluster {
    folder: PathBuf,
    _shell: Child,
}

const SCRIPT: &str = r#"
"$1/initdb" -D "$2/data" -U orders --auth=trust --encoding=UTF8 --locale=C --no-sync >"$2/log" 2>&1 &&
"$1/pg_ctl" -D "$2/data" -w -l "$2/log" -o "-k '$2' -c listen_addresses='' -c fsync=off" start >/dev/null &&
echo ready
cat >/dev/null
"$1/pg_ctl" -D "$2/data" -m immediate stop >/dev/null 2>&1
rm -rf "$2"
"#;

impl Cluster {
    /// `None` if Postgres is not installed, which is a failure if `CLASS_TOOLS_REQUIRED` is set.
    pub fn get() -> Option<&'static Self> {
        static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
        let cluster = CLUSTER.get_or_init(|| binaries().map(|binaries| Self::start(&binaries)));
        if cluster.is_none() {
            assert!(
                std::env::var_os("CLASS_TOOLS_REQUIRED").is_none(),
                "Postgres is not installed"
            );
            eprintln!("skipped: Postgres is not installed");
        }
        cluster.as_ref()
    }

    fn start(binaries: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder").keep();
        let mut shell = Command::new("sh");
        shell
            .args(["-c", SCRIPT, "sh"])
            .arg(binaries)
            .arg(&folder)
            .current_dir(&folder);
        // Postgres refuses to run as root. The folder belongs to the user of this program.
        if fs::metadata(&folder).expect("the folder's owner").uid() == 0 {
            let (user, group) = unprivileged();
            chown(&folder, Some(user), Some(group)).expect("a folder of the unprivileged user");
            shell.uid(user).gid(group);
        }
        let mut shell = shell
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("a shell");
        let mut line = String::new();
        let output = shell.stdout.take().expect("the shell's output");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("a line of the shell");
        let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert_eq!(line, "ready\n", "Postgres did not start:\n{}", log());
        Self {
            folder,
            _shell: shell,
        }
    }

    /// Creates an empty database, and returns its URL.
    pub async fn create_database(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.execute(&format!("CREATE DATABASE {name}")).await;
        self.url("orders", &name)
    }

    /// The URL of a database, for a user of the server.
    pub fn url(&self, user: &str, database: &str) -> String {
        format!(
            "postgres://{user}@localhost/{database}?host={}",
            self.folder.display()
        )
    }

    /// Executes a statement outside of the databases of the tests.
    pub async fn execute(&self, statement: &str) {
        let url = self.url("orders", "postgres");
        let mut connection = PgConnection::connect(&url).await.expect("a connection");
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .expect("a statement");
    }
}

/// The programs of the newest version, where Debian installs them.
fn binaries() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let newest = versions.filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((version, entry.path().join("bin")))
    });
    newest
        .filter(|(_, path)| path.join("initdb").exists())
        .max()
        .map(|(_, path)| path)
}

fn unprivileged() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").expect("the list of users");
    let ids = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.starts_with(&format!("{name}:")))?;
        let mut fields = line.split(':').skip(2).map(|field| field.parse().ok());
        Some((fields.next()??, fields.next()??))
    };
    ids("postgres")
        .or_else(|| ids("daemon"))
        .expect("a user who is not root")
}
