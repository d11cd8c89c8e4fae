//! `cargo workbook` in the browser: how soon it is there, and how much it can do at once.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use ureq::{Agent, BodyReader};

use crate::page_files;
use crate::timing::{best_of_three, ratio, row};
use crate::workspace::Copy;

/// As many tabs as a classroom has in front of one machine, and more.
const STREAMS: usize = 100;

/// How long pages are loaded to count them.
const LOADING: Duration = Duration::from_secs(3);

/// The page beside the terminal, `watched`, in a copy of the workspace whose answer is wrong.
pub fn measure(tool: &Path, clone: &Copy, watched: Duration) -> Result<()> {
    println!("\nThe page of `cargo workbook`");
    let ready = best_of_three(|| {
        let start = Instant::now();
        let page = Page::serve(tool, clone.root())?;
        page.get("gather.html")?;
        Ok(start.elapsed())
    })?;
    row("started, first page served", ready, 1.0);

    let page = Page::serve(tool, clone.root())?;
    let mut events = page.events()?;
    events.settled()?;
    let idle = page.memory()?;
    let saved = best_of_three(|| {
        let start = Instant::now();
        clone.save()?;
        events.verdict()?;
        let elapsed = start.elapsed();
        events.settled()?;
        Ok(elapsed)
    })?;
    row("save, verdict on the page", saved, ratio(saved, watched));

    let streams: Vec<_> = (0..STREAMS)
        .map(|_| {
            let mut events = page.events()?;
            events.settled()?;
            Ok(events)
        })
        .collect::<Result<_>>()?;
    let start = Instant::now();
    clone.save()?;
    let heard: Vec<_> = streams
        .into_iter()
        .map(|mut events| thread::spawn(move || events.settled()))
        .collect();
    for one in heard {
        one.join().expect("nothing panics here")?;
    }
    let all = start.elapsed();
    row(
        &format!("save, all verdicts on {STREAMS} pages"),
        all,
        ratio(all, watched),
    );
    println!("{:40} {idle:>6.1} MB", "memory, one page open");
    println!("{:40} {:>6.1} MB", "memory, 100 pages open", page.memory()?);

    let files = page.files()?;
    for (what, files) in [
        ("pages turned, all else kept", &files[..1]),
        ("pages loaded for the first time", &files[..]),
    ] {
        let rate = page.loads(files)? as f64 / LOADING.as_secs_f64();
        println!("{what:40} {rate:>6.0} a second, {} files each", files.len());
    }
    Ok(())
}

/// The tool that serves a workspace.
struct Page {
    tool: Child,
    base: String,
    token: String,
    agent: Agent,
}

impl Page {
    fn serve(tool: &Path, root: &Path) -> Result<Self> {
        let mut tool = Command::new(tool)
            .args(["serve", "--no-open", "--port", "0"])
            .current_dir(root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut lines = BufReader::new(tool.stdout.take().context("it is a pipe")?).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find(|line| line.contains("http://"))
            .context("the tool has ended")?;
        thread::spawn(move || lines.for_each(drop));
        let (base, key) = address
            .trim()
            .split_once("#key=")
            .context("the address has a key")?;
        let agent = Agent::new_with_defaults();
        let opened: Value = agent
            .post(format!("{base}workbook/token"))
            .send_json(json!({ "key": key }))?
            .body_mut()
            .read_json()?;
        Ok(Self {
            token: opened["token"].as_str().context("a token")?.to_owned(),
            base: base.to_owned(),
            tool,
            agent,
        })
    }

    fn get(&self, path: &str) -> Result<String> {
        let address = format!("{}{path}", self.base);
        Ok(self
            .agent
            .get(address)
            .call()?
            .body_mut()
            .read_to_string()?)
    }

    fn events(&self) -> Result<Events> {
        // A stream of its own, as another tab has.
        let response = Agent::new_with_defaults()
            .get(format!("{}workbook/events", self.base))
            .header("Authorization", format!("Bearer {}", self.token))
            .call()?;
        let lines = BufReader::new(response.into_body().into_reader()).lines();
        Ok(Events { lines })
    }

    /// Resident memory of the server itself, in megabytes.
    fn memory(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.tool.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.context("the system says it")?.trim();
        let kilobytes: f64 = kilobytes.trim_end_matches(" kB").parse()?;
        Ok(kilobytes / 1024.0)
    }

    /// A page, and the files that a browser loads with it.
    fn files(&self) -> Result<Vec<String>> {
        let files = page_files::of("gather.html", |path| self.get(path))?;
        let modules = files.iter().filter(|file| file.starts_with("scripts/"));
        ensure!(
            modules.count() > 10,
            "The page does not import its modules: {files:?}"
        );
        Ok(files)
    }

    /// How often all these files were loaded by four readers.
    fn loads(&self, files: &[String]) -> Result<usize> {
        let end = Instant::now() + LOADING;
        let count = || -> Result<usize> {
            let mut loads = 0;
            while Instant::now() < end {
                for file in files {
                    self.get(file)?;
                }
                loads += 1;
            }
            Ok(loads)
        };
        thread::scope(|scope| {
            let readers: Vec<_> = (0..4).map(|_| scope.spawn(count)).collect();
            let loads = readers
                .into_iter()
                .map(|reader| reader.join().expect("nothing panics here"));
            loads.sum()
        })
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.tool.kill();
        let _ = self.tool.wait();
    }
}

/// An open stream of events.
struct Events {
    lines: std::io::Lines<BufReader<BodyReader<'static>>>,
}

impl Events {
    /// Waits for the verdict on the exercise that was saved. Its whole chapter is graded after it.
    fn verdict(&mut self) -> Result<()> {
        let mut is_graded = false;
        self.until(|step| {
            let is_on_one = step["exercise"].is_string() && step["text"].is_string();
            is_graded |= is_on_one;
            is_graded && !is_on_one
        })
    }

    /// Waits until nothing is graded any more, from now on or already.
    fn settled(&mut self) -> Result<()> {
        self.until(|step| step["exercise"].is_null() && step["text"].is_null())
    }

    fn until(&mut self, mut is_so: impl FnMut(&Value) -> bool) -> Result<()> {
        let mut is_step = false;
        for line in &mut self.lines {
            let line = line?;
            if let Some(kind) = line.strip_prefix("event: ") {
                is_step = kind == "step";
            }
            let Some(data) = line.strip_prefix("data: ").filter(|_| is_step) else {
                continue;
            };
            if is_so(&serde_json::from_str(data)?) {
                return Ok(());
            }
        }
        bail!("the tool has ended")
    }
}
