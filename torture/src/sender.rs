//! Somebody who writes into one conversation: a message, and the same again until it is answered, as the outbox
//! of the web client does.

use std::sync::Arc;
use std::time::Duration;

use hearth_shared::conversations::{Message, NewMessage, SendMessage};
use hearth_shared::endpoint::Nothing;
use hearth_shared::realtime::catch_up::backoff;
use hearth_testkit::{Client, Person, client_id};
use tokio::sync::watch;

use crate::history::{History, What};
use crate::world::Talk;

/// What writes.
pub struct Sender {
    /// Who.
    pub person: Person,
    /// Where.
    pub talk: Talk,
    /// How.
    pub app: Client,
    /// Between two messages, on the average.
    pub every: Duration,
    /// Written down here.
    pub history: Arc<History>,
}

impl Sender {
    /// Writes until it is told to stop, and then until the last message is answered.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            // Anything from half to one and a half: people do not keep step.
            tokio::time::sleep(self.every.mul_f64(0.5 + rand::random::<f64>())).await;
            if *stop.borrow() {
                return;
            }
            self.send().await;
        }
    }

    async fn send(&self) {
        let conversation_id = self.talk.id;
        let new = NewMessage {
            client_id: client_id(),
            body: "Is the kettle on? I have brought the biscuits that you like.".to_owned(),
            reply_to_id: None,
            media_ids: Vec::new(),
        };
        let client_id = &new.client_id;
        self.history.note(What::Invoke {
            sender: self.person.id(),
            conversation: conversation_id,
            client_id: client_id.clone(),
        });
        let mut failures = 0;
        loop {
            let call = SendMessage { conversation_id };
            let answer = self.app.try_ask(self.person.token(), &call, &Nothing, &new).await;
            let client_id = client_id.clone();
            let why = match answer {
                Some(answer) if matches!(answer.status, 200 | 201) => {
                    let message: Option<Message> = serde_json::from_str(&answer.text).ok();
                    self.history.note(match message {
                        Some(message) => What::Ok {
                            client_id,
                            seq: message.seq,
                        },
                        None => What::Refused {
                            client_id,
                            why: answer.text,
                        },
                    });
                    return;
                }
                Some(answer) if answer.status == 503 => "503".to_owned(),
                Some(answer) => {
                    self.history.note(What::Refused {
                        client_id,
                        why: format!("{} {}", answer.status, answer.text),
                    });
                    return;
                }
                None => "no answer".to_owned(),
            };
            self.history.note(What::Again { client_id, why });
            let pause = backoff(failures, rand::random()).max(500);
            failures += 1;
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }
}
