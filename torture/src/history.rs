//! What happened, as the clients saw it: one line of JSON each, in a file that is kept when something is wrong.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result};
use hearth_shared::ids::{ClientId, ConversationId, UserId};
use serde::{Deserialize, Serialize};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// When: microseconds since the beginning, by a clock that does not run backwards.
    pub at: u64,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A device shows a conversation as it was at a position, and follows it from there.
    Follows {
        /// Which device.
        receiver: u32,
        /// Whose.
        user: UserId,
        /// What.
        conversation: ConversationId,
        /// From where.
        seq: u64,
    },
    /// From now on it is this part of the story: `before`, `during`, `after` the fault.
    Phase(String),
    /// Somebody presses send.
    Invoke {
        /// Who.
        sender: UserId,
        /// Where.
        conversation: ConversationId,
        /// What names the message.
        client_id: ClientId,
    },
    /// A try was not answered, or with 503; there will be another one.
    Again {
        /// Of which message.
        client_id: ClientId,
        /// Why.
        why: String,
    },
    /// It was sent.
    Ok {
        /// Which message.
        client_id: ClientId,
        /// Its position.
        seq: u64,
    },
    /// It was refused.
    Refused {
        /// Which message.
        client_id: ClientId,
        /// Why.
        why: String,
    },
    /// A device shows a message.
    Applied {
        /// Which device.
        receiver: u32,
        /// Where.
        conversation: ConversationId,
        /// At which position.
        seq: u64,
        /// Which message.
        client_id: ClientId,
    },
    /// A device had to read anew instead of following, which none of these stories calls for.
    Reread {
        /// Which device.
        receiver: u32,
        /// Why.
        why: String,
    },
    /// A device asked what it had missed and was not answered; it will ask again.
    Unread {
        /// Which device.
        receiver: u32,
    },
    /// A device's socket is gone, or is left because the server asked for it.
    Lost {
        /// Which device.
        receiver: u32,
        /// How.
        why: String,
    },
    /// A device is connected and known.
    Ready {
        /// Which device.
        receiver: u32,
    },
    /// It has everything that it knows of.
    Level {
        /// Which device.
        receiver: u32,
    },
    /// A node said how it is; status 0 when it said nothing.
    Health {
        /// Which node, counted from 0.
        node: usize,
        /// The HTTP status.
        status: u16,
        /// What is away.
        degraded: Vec<String>,
    },
    /// What is in a conversation at the end, by a fresh read.
    Final {
        /// Which.
        conversation: ConversationId,
        /// Position and name of each message, in order.
        messages: Vec<(u64, ClientId)>,
    },
}

/// Takes down what happens, from all sides at once.
#[derive(Debug)]
pub struct History {
    start: Instant,
    path: PathBuf,
    written: Mutex<Written>,
}

#[derive(Debug)]
struct Written {
    lines: Vec<Line>,
    file: BufWriter<File>,
}

impl History {
    /// Begins one in a file.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn begin(path: &Path) -> Result<Self> {
        let file = File::create(path).with_context(|| path.display().to_string())?;
        Ok(Self {
            start: Instant::now(),
            path: path.to_owned(),
            written: Mutex::new(Written {
                lines: Vec::new(),
                file: BufWriter::new(file),
            }),
        })
    }

    /// Writes down what happens now.
    pub fn note(&self, what: What) {
        let mut written = self.lock();
        // Under the lock, so that times grow from line to line.
        let line = Line { at: self.now(), what };
        let text = serde_json::to_string(&line).unwrap_or_default();
        // The lines in memory are what is checked; the file is for people.
        writeln!(written.file, "{text}").ok();
        written.lines.push(line);
    }

    /// Microseconds since the beginning.
    pub fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything until now; the file has it too.
    pub fn lines(&self) -> Vec<Line> {
        let mut written = self.lock();
        written.file.flush().ok();
        written.lines.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads an old history.
///
/// # Errors
/// When it cannot be read, or a line is of another kind.
pub fn read(path: &Path) -> Result<Vec<Line>> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let parse = |(number, line): (usize, std::io::Result<String>)| {
        serde_json::from_str(&line?).with_context(|| format!("line {}", number + 1))
    };
    BufReader::new(file).lines().enumerate().map(parse).collect()
}
