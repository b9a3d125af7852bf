//! What is said in a world: between neighbours, and between those who are measured and more of their friends. And the
//! rooms, in which nothing has been said.

use anyhow::Result;

use super::tables::Value::{Bytes, Int, Null, Text};
use super::tables::{Sink, client_id, hash, text};
use super::words::Index;
use super::{DAY, MEASURED, Moment, Of, RING, TALKS_FROM, World, chance, signed};

/// A conversation of two.
#[derive(Clone, Copy)]
struct Talk {
    /// Its place among all.
    place: u64,
    id: i64,
    /// The one who joined first, and the other one.
    people: [u64; 2],
}

fn talks(world: World) -> impl Iterator<Item = Talk> {
    let neighbours = (0..world.people - 1).map(move |person| Talk {
        place: person,
        id: world.conversation(person),
        people: [person, person + 1],
    });
    let more = (0..MEASURED).flat_map(move |person| {
        (2..=RING).map(move |step| {
            let place = world.people + person * RING + step;
            Talk {
                place,
                id: Moment(TALKS_FROM * DAY + DAY / 2 + place).id(0),
                people: [person, person + step],
            }
        })
    });
    neighbours.chain(more)
}

/// Messages are a minute apart; the last ones are the same for all.
fn said(number: u64) -> Moment {
    Moment(TALKS_FROM * DAY + 2 * DAY + number * 60_000)
}

fn message(talk: Talk, number: u64) -> i64 {
    said(number).id(talk.place)
}

fn key(talk: Talk, number: u64) -> u64 {
    talk.place * 128 + number
}

fn body(world: World, key: u64) -> String {
    let words = text(key, 20 + chance(Of::Body, key, 2) % 100);
    format!("{words} {}", world.rare_word(key))
}

/// Writes everything.
pub(super) fn write(world: World, sink: &mut impl Sink) -> Result<()> {
    conversations(world, sink)?;
    members(world, sink)?;
    messages(world, sink)
}

fn conversations(world: World, sink: &mut impl Sink) -> Result<()> {
    let length = world.talk_length();
    sink.table(
        "conversations",
        "id, kind, low_id, high_id, last_seq, last_number, last_message_id, membership_version, created_at, last_event_at",
    )?;
    for talk in talks(world) {
        sink.row(&[
            Int(talk.id),
            Text("direct"),
            Int(world.person(talk.people[0])),
            Int(world.person(talk.people[1])),
            Int(signed(length)),
            Int(signed(length)),
            Int(message(talk, length)),
            Int(1),
            Int(Moment(TALKS_FROM * DAY).millis()),
            Int(said(length).millis()),
        ])?;
    }
    for room in world.rooms() {
        sink.row(&[
            Int(room.conversation),
            Text("group"),
            Null,
            Null,
            Int(0),
            Int(0),
            Null,
            Int(1),
            Int(Moment(TALKS_FROM * DAY).millis()),
            Int(0),
        ])?;
    }
    sink.end()?;
    sink.table(
        "groups",
        "conversation_id, title, description, visibility, history, member_count",
    )?;
    for room in world.rooms() {
        sink.row(&[
            Int(room.conversation),
            Text("A large room"),
            Text(""),
            Text("public"),
            Text("all"),
            Int(signed(room.size)),
        ])?;
    }
    sink.end()?;
    sink.table("group_words", "word, conversation_id")?;
    for room in world.rooms() {
        for word in ["a", "large", "room"] {
            sink.row(&[Text(word), Int(room.conversation)])?;
        }
    }
    sink.end()
}

fn members(world: World, sink: &mut impl Sink) -> Result<()> {
    let length = world.talk_length();
    sink.table(
        "conversation_members",
        "conversation_id, user_id, read_number, read_at, joined_at, rank, listed_from",
    )?;
    let moment = Moment(TALKS_FROM * DAY).millis();
    for talk in talks(world) {
        for person in talk.people {
            sink.row(&[
                Int(talk.id),
                Int(world.person(person)),
                Int(signed(length)),
                Int(said(length).millis()),
                Int(moment),
                Int(2),
                Int(talk.id),
            ])?;
        }
    }
    for room in world.rooms() {
        for person in room.first..room.first + room.size {
            sink.row(&[
                Int(room.conversation),
                Int(world.person(person)),
                Int(0),
                Null,
                Int(moment),
                Int(if person == room.first { 0 } else { 2 }),
                Int(room.conversation),
            ])?;
        }
    }
    sink.end()
}

fn messages(world: World, sink: &mut impl Sink) -> Result<()> {
    let numbers = 1..=world.talk_length();
    sink.table(
        "messages",
        "id, conversation_id, number, seq, sender_id, client_id, request_hash, body, created_at",
    )?;
    for talk in talks(world) {
        for number in numbers.clone() {
            let key = key(talk, number);
            let sender = talk.people[usize::from(!number.is_multiple_of(2))];
            sink.row(&[
                Int(message(talk, number)),
                Int(talk.id),
                Int(signed(number)),
                Int(signed(number)),
                Int(world.person(sender)),
                Text(&client_id(3, key)),
                Bytes(&hash(3, key)),
                Text(&body(world, key)),
                Int(said(number).millis()),
            ])?;
        }
    }
    sink.end()?;
    sink.table(
        "conversation_events",
        "conversation_id, seq, kind, subject_id, created_at",
    )?;
    for talk in talks(world) {
        for number in numbers.clone() {
            sink.row(&[
                Int(talk.id),
                Int(signed(number)),
                Text("message_created"),
                Int(message(talk, number)),
                Int(said(number).millis()),
            ])?;
        }
    }
    sink.end()?;
    // In the order of their ids, which an index of words likes best.
    sink.index(Index::Messages)?;
    for number in numbers {
        for talk in talks(world) {
            let [low, high] = talk.people.map(|person| format!("__u{}", world.person(person)));
            let marks = [format!("__c{}", talk.id), low, high];
            sink.entry(message(talk, number), &body(world, key(talk, number)), &marks)?;
        }
    }
    sink.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_messages_have_ids_of_their_own() {
        let world = World::of_posts(1_000_000);
        let ids: std::collections::HashSet<i64> = talks(world).map(|talk| talk.id).collect();
        assert_eq!(ids.len(), talks(world).count());
        let places: std::collections::HashSet<u64> = talks(world).map(|talk| talk.place).collect();
        assert_eq!(places.len(), ids.len());
        assert!(ids.len() as u64 * world.talk_length() >= 1_000_000);
        let of_first = talks(world).filter(|talk| talk.people.contains(&20)).count();
        assert_eq!(of_first, 20);
    }
}
