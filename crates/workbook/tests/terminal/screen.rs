//! Runs the tool in a terminal and reads the screen.

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

use crate::workbook::Workbook;

/// Far longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(30);

const SIZE: PtySize = PtySize {
    rows: 24,
    cols: 80,
    pixel_width: 0,
    pixel_height: 0,
};

/// A terminal of 80 columns and 24 lines.
pub struct Terminal {
    pub child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    /// Everything that was written, including control codes.
    pub written: Vec<u8>,
}

impl Terminal {
    /// Starts the tool in a terminal, in this workbook.
    pub fn new(workbook: &Workbook, arguments: &str) -> Self {
        let pair = native_pty_system()
            .openpty(SIZE)
            .expect("there are pseudoterminals");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_stand-in"));
        command.args(arguments.split_whitespace());
        command.cwd(workbook.path(""));
        command.env("TERM", "xterm-256color");
        for variable in [
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "CI",
            "RUST_BACKTRACE",
        ] {
            command.env_remove(variable);
        }
        let child = pair
            .slave
            .spawn_command(command)
            .expect("the tool can be started");
        let mut reader = pair.master.try_clone_reader().expect("readable");
        let (tx, output) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if tx.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            keyboard: pair.master.take_writer().expect("writable"),
            master: pair.master,
            output,
            screen: vt100::Parser::new(at_least_one(SIZE.rows), at_least_one(SIZE.cols), 0),
            written: Vec::new(),
        }
    }

    /// Waits until the screen shows this.
    #[track_caller]
    pub fn shows(&mut self, text: &str) {
        self.wait_until(|screen| screen.contains(text), text);
    }

    /// Waits until the screen no longer shows this.
    #[track_caller]
    pub fn hides(&mut self, text: &str) {
        self.wait_until(|screen| !screen.contains(text), &format!("no {text}"));
    }

    pub fn press(&mut self, keys: &str) {
        self.keyboard
            .write_all(keys.as_bytes())
            .expect("the terminal takes keys");
        self.keyboard.flush().expect("the terminal takes keys");
    }

    pub fn resize(&mut self, rows: u16) {
        self.resize_to(rows, SIZE.cols);
    }

    pub fn resize_to(&mut self, rows: u16, cols: u16) {
        let size = PtySize { rows, cols, ..SIZE };
        self.master.resize(size).expect("it can be resized");
        self.screen
            .screen_mut()
            .set_size(at_least_one(rows), at_least_one(cols));
    }

    /// Waits for the end of the tool, and checks that the terminal has been restored: its main screen, its
    /// cursor, and its line editing.
    #[track_caller]
    pub fn ends(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            let left = DEADLINE.saturating_sub(began.elapsed());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                // The tool has closed the terminal.
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("The tool does not end. The screen:\n{}", self.contents())
                }
            }
        }
        let status = self.child.wait().expect("it can be waited for");
        assert!(
            !self.screen.screen().alternate_screen(),
            "the main screen is restored"
        );
        assert!(!self.screen.screen().hide_cursor(), "the cursor is visible");
        assert!(self.edits_lines(), "the terminal edits lines");
        status
    }

    /// Whether line editing is on, as shells expect it.
    pub fn edits_lines(&self) -> bool {
        let settings = self.master.get_termios().expect("a terminal has settings");
        settings
            .local_flags
            .contains(nix::sys::termios::LocalFlags::ICANON | nix::sys::termios::LocalFlags::ECHO)
    }

    pub fn contents(&self) -> String {
        self.screen.screen().contents()
    }

    #[track_caller]
    fn wait_until(&mut self, reached: impl Fn(&str) -> bool, what: &str) {
        let began = Instant::now();
        while !reached(&self.contents()) {
            let left = DEADLINE.saturating_sub(began.elapsed());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                Err(_) => panic!("Expected: {what}. The screen:\n{}", self.contents()),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.written.extend(bytes);
        self.screen.process(bytes);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It still runs only if a test has failed.
        let _ = self.child.kill();
    }
}

fn at_least_one(size: u16) -> NonZero<u16> {
    NonZero::new(size).expect("a terminal has lines and columns")
}
