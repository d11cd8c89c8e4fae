//! `class`: joins and leaves the room of a class, asks for help there, and starts the teacher's side of it.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use autograder::items::items_of;
use axum::http::Method;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use submission::room::{Ask, HELP, JOIN, Join, Joined, LEAVE, MAX_ANSWER, MAX_MESSAGE, Withdraw};

use super::{classroom, student};
use crate::answers;
use crate::cli::{AskInClass, ClassCommand, JoinClass};
use crate::names::ExerciseRef;
use crate::room::Membership;
use crate::room::delivery::runtime;
use crate::room::request;
use crate::status::Status;
use crate::terminal::{count, paragraph, print, style, warn};
use crate::tool::Tool;

/// How long a learner waits for an answer at most.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What is sent to a class, for the learner.
const WHAT_TRAVELS: &str = "Your teacher sees your name and id, the state of each exercise, which one you work on, the \
                            minutes that it took, and which known mistakes were recognized. Your code stays on this \
                            machine. Only `cargo workbook class ask` sends an answer, that to the exercise which you ask \
                            about. The connection is not encrypted.";

/// Runs one of these commands.
///
/// # Errors
///
/// If the room cannot be reached or refuses what was asked for, or the learner is in no room.
pub fn run(command: &ClassCommand, tool: &dyn Fn() -> Result<Tool>) -> Result<Status> {
    match command {
        ClassCommand::Join(arguments) => join(&tool()?, arguments)?,
        ClassCommand::Leave => leave(&tool()?)?,
        ClassCommand::Ask(arguments) => ask(&tool()?, arguments)?,
        ClassCommand::Status => status(&tool()?)?,
        ClassCommand::Serve(arguments) => return classroom::run(&["class", "serve"], arguments),
    }
    Ok(Status::Solved)
}

fn join(tool: &Tool, arguments: &JoinClass) -> Result<()> {
    if let Some(Membership { title, address, .. }) = tool.room.membership() {
        bail!(
            "You are in the class “{title}” at {address} already. Leave it first, with `cargo workbook class leave`."
        );
    }
    let student = student::of(tool.project.root(), &arguments.student)?;
    let body = Join {
        code: arguments.code.clone(),
        student: student.clone(),
    };
    let Joined { token, title } = send(&arguments.address, None, (Method::POST, JOIN), &body)?;
    let membership = Membership {
        address: arguments.address.clone(),
        token,
        title: shown(&title),
        student,
    };
    tool.room.enter(&membership, &tool.progress())?;
    tool.tell_class();
    print(&format!(
        "{}\n\n{}\n\n{}\n",
        style::success(&joined(&membership)),
        paragraph(WHAT_TRAVELS),
        paragraph(
            "A workbook that is open in another terminal tells your class from now on as well. To end this, run \
             `cargo workbook class leave`."
        )
    ))
}

fn leave(tool: &Tool) -> Result<()> {
    let membership = membership(tool)?;
    let left = send::<IgnoredAny>(
        &membership.address,
        Some(&membership.token),
        (Method::POST, LEAVE),
        &(),
    );
    tool.room.exit()?;
    let text = match left {
        Ok(_) => {
            "You have left the class. What it knew about you has been deleted there.".to_owned()
        }
        Err(error) => format!(
            "You have left the class, and nothing more is sent. Your teacher's machine could not be told, and still has \
             what was sent before. {error}"
        ),
    };
    print(&(paragraph(&text) + "\n"))
}

fn ask(tool: &Tool, arguments: &AskInClass) -> Result<()> {
    let exercise = tool.exercise(arguments.name.as_deref())?;
    let name = exercise.name();
    if arguments.withdraw {
        let Membership { address, token, .. } = membership(tool)?;
        let body = Withdraw {
            exercise: name.clone(),
        };
        send::<IgnoredAny>(&address, Some(&token), (Method::DELETE, HELP), &body)?;
        return print(&format!(
            "Your teacher knows that you need no help with {name}.\n"
        ));
    }
    let message = arguments.message.clone().unwrap_or_default();
    let asked = ask_for_help(tool, &exercise, message)?;
    warn(asked.notice);
    print(&format!(
        "{}\n\n{}\n",
        style::success(&asked.message),
        paragraph(&format!(
            "{} of your answer were sent. If you solve the problem yourself, run `cargo workbook class ask {name} --withdraw`; once \
             the exercise is solved, that is not necessary.",
            count(asked.lines, "line")
        ))
    ))
}

/// A request for help that has been sent.
pub struct Asked {
    /// A sentence that says so.
    pub message: String,
    /// A sentence about what was sent, if it was not only the answer to the exercise.
    pub notice: Option<String>,
    /// How many lines of code were sent.
    pub lines: usize,
}

/// Sends the answer to an exercise to the teacher.
///
/// # Errors
///
/// If the learner is in no class, the answer cannot be read or is too long, or the room cannot be reached.
pub fn ask_for_help(tool: &Tool, exercise: &ExerciseRef<'_>, message: String) -> Result<Asked> {
    let Membership { address, token, .. } = membership(tool)?;
    let name = exercise.name();
    let text = answers::text(tool.project.root(), exercise.chapter.slug())?.text;
    let own = items_of(&text, exercise.exercise.name());
    // A file that cannot be taken apart is what many learners ask about.
    let notice = own.is_none().then(|| {
        let file = autograder::file_of(exercise.chapter);
        format!("`{name}` was not found in {file}, so the whole file was sent.")
    });
    let body = Ask {
        exercise: name.clone(),
        answer: own.unwrap_or(text),
        message,
    };
    if body.answer.len() > MAX_ANSWER || body.message.chars().count() > MAX_MESSAGE {
        bail!(
            "This is too long to be sent: an answer may have {MAX_ANSWER} bytes, and a message {MAX_MESSAGE} characters."
        );
    }
    send::<IgnoredAny>(&address, Some(&token), (Method::POST, HELP), &body)?;
    Ok(Asked {
        message: format!("Your teacher sees that you ask for help with {name}."),
        notice,
        lines: body.answer.lines().count(),
    })
}

fn status(tool: &Tool) -> Result<()> {
    let Some(membership) = tool.room.membership() else {
        return print("You are in no class, and nothing is sent.\n");
    };
    let exercises = tool.room.state().exercises.len();
    print(&format!(
        "{}\n\n{}\n\n{}\n",
        joined(&membership),
        paragraph(WHAT_TRAVELS),
        paragraph(&format!(
            "At present that is {}. What is sent is in the file `room-state.json` in the folder `.workbook`.",
            count(exercises, "exercise")
        ))
    ))
}

fn joined(membership: &Membership) -> String {
    format!(
        "You are in the class “{}” at {} as {}.",
        membership.title,
        membership.address,
        student::described(&membership.student)
    )
}

fn membership(tool: &Tool) -> Result<Membership> {
    let membership = tool.room.membership();
    membership.context("You are in no class. Your teacher shows the command with which you join.")
}

/// A title that comes from elsewhere, for a terminal.
fn shown(title: &str) -> String {
    let line: String = title
        .chars()
        .filter(|c| !c.is_control())
        .take(100)
        .collect();
    autograder::visible::visible(&line)
}

fn send<T: DeserializeOwned>(
    address: &str,
    token: Option<&str>,
    route: (Method, &str),
    body: &impl Serialize,
) -> Result<T> {
    let sent = runtime()?.block_on(request::send(address, token, route, body, TIMEOUT));
    Ok(sent?)
}
