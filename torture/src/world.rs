//! Who lives in it: thirty people who sit in a circle. Everybody talks with the next one, ten also with the one
//! seven seats on: forty conversations of two. Twenty people write, and everybody has two devices.

use std::time::Duration;

use anyhow::{Context, Result};
use hearth_shared::ids::ConversationId;
use hearth_testkit::{Client, Person};

/// People.
pub const PEOPLE: usize = 30;
/// Those who also talk across the circle.
const ACROSS: usize = 10;
/// Devices of everybody.
pub const DEVICES: usize = 2;
/// An answer that takes longer is none.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Two people's conversation.
#[derive(Debug, Clone, Copy)]
pub struct Talk {
    /// Which.
    pub id: ConversationId,
    /// The two, as places in [`World::people`].
    pub members: [usize; 2],
    /// Its position when the story begins: each has one message.
    pub seq: u64,
}

/// The people and what they have in common.
#[derive(Clone)]
pub struct World {
    /// They.
    pub people: Vec<Person>,
    /// Their conversations.
    pub talks: Vec<Talk>,
}

impl World {
    /// Registers everybody, makes them friends, and begins the conversations.
    ///
    /// # Errors
    /// When a message is refused.
    pub async fn make(url: &str) -> Result<Self> {
        let app = asking(url)?;
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(app.person(&format!("person{number}")).await);
        }
        let circle = (0..PEOPLE).map(|a| [a, (a + 1) % PEOPLE]);
        let across = (0..ACROSS).map(|a| [a, a + 7]);
        let mut talks = Vec::new();
        for members in circle.chain(across) {
            let [a, b] = members.map(|person| &people[person]);
            app.befriend(a, b).await;
            let id = a.open(&app, b).await.id;
            let first = a.say(&app, id, "Good morning!").await;
            let seq = first
                .ok()
                .context("the first message of a conversation was refused")?
                .seq;
            talks.push(Talk { id, members, seq });
        }
        Ok(Self { people, talks })
    }

    /// Whether somebody writes: two of three, so that in every conversation somebody does.
    pub fn writes(person: usize) -> bool {
        person % 3 != 2
    }

    /// The conversations of somebody.
    pub fn talks_of(&self, person: usize) -> impl Iterator<Item = Talk> {
        self.talks
            .iter()
            .copied()
            .filter(move |talk| talk.members.contains(&person))
    }
}

/// Somebody's way to ask, with connections of their own that are kept alive.
///
/// # Errors
/// When the system gives no client.
pub fn asking(url: &str) -> Result<Client> {
    let mut client = Client::new(url);
    client.http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
    Ok(client)
}
