//! Where what stands beside messages is to be found. Messages bring no addresses: those are signed for one session and some
//! minutes, so they are asked for when something is shown, for all together, and again when they have run out.

use hearth_shared::conversations::MESSAGE_MEDIA_MAX;
use hearth_shared::ids::{ConversationId, MediaId};
use hearth_shared::media::Media;

use crate::store::Ptr;

/// The server's addresses are good for at least five minutes.
const FRESH_MILLIS: i64 = 270_000;
/// When one does not work another one is asked for once in this time.
const AGAIN_MILLIS: i64 = 30_000;

/// What is known of something.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Found {
    /// Nothing yet.
    #[default]
    Unknown,
    Here(Ptr<Media>),
    /// It is not there any more, or not for this person.
    Gone,
}

/// Whether it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    Nothing,
    Wanted,
    UnderWay,
}

#[derive(Debug, Clone, PartialEq)]
struct Entry {
    id: MediaId,
    conversation: ConversationId,
    found: Found,
    /// When that was learnt.
    at: i64,
    /// When its address did not work.
    lost: i64,
    ask: Ask,
}

/// All that was looked at since the page was loaded.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Addresses(Vec<Entry>);

impl Addresses {
    fn entry(&mut self, conversation: ConversationId, id: MediaId) -> &mut Entry {
        let known = self.0.iter().position(|entry| entry.id == id);
        let at = known.unwrap_or_else(|| {
            self.0.push(Entry {
                id,
                conversation,
                found: Found::Unknown,
                at: 0,
                lost: 0,
                ask: Ask::Nothing,
            });
            self.0.len() - 1
        });
        &mut self.0[at]
    }

    /// What is known of these, in their order.
    pub(crate) fn of(&self, ids: &[MediaId]) -> Vec<Found> {
        let find = |id: &MediaId| self.0.iter().find(|entry| entry.id == *id);
        let found = ids
            .iter()
            .map(|id| find(id).map_or(Found::Unknown, |entry| entry.found.clone()));
        found.collect()
    }

    /// Whether an address surely still works.
    pub(crate) fn is_fresh(&self, id: MediaId, now: i64) -> bool {
        let entry = self.0.iter().find(|entry| entry.id == id);
        entry.is_some_and(|entry| matches!(entry.found, Found::Here(_)) && now - entry.at < FRESH_MILLIS)
    }

    /// These come onto the screen. True when some of them have to be asked for.
    pub(crate) fn want(&mut self, conversation: ConversationId, ids: &[MediaId], now: i64) -> bool {
        let mut asks = false;
        for id in ids {
            let entry = self.entry(conversation, *id);
            let fresh = entry.found != Found::Unknown && now - entry.at < FRESH_MILLIS;
            if !fresh && entry.ask == Ask::Nothing {
                entry.ask = Ask::Wanted;
                // An address that may have run out is not tried.
                if matches!(entry.found, Found::Here(_)) {
                    entry.found = Found::Unknown;
                }
            }
            asks |= entry.ask == Ask::Wanted;
        }
        asks
    }

    /// Its address does not work. True when another one is to be asked for: perhaps it is not the address.
    pub(crate) fn lose(&mut self, conversation: ConversationId, id: MediaId, now: i64) -> bool {
        let entry = self.entry(conversation, id);
        if now - entry.lost <= AGAIN_MILLIS || entry.ask != Ask::Nothing {
            return false;
        }
        entry.lost = now;
        entry.ask = Ask::Wanted;
        true
    }

    /// What is to be asked for now, from now on under way.
    pub(crate) fn next(&mut self, conversation: ConversationId) -> Vec<MediaId> {
        let here = |entry: &&mut Entry| entry.conversation == conversation && entry.ask == Ask::Wanted;
        let entries = self.0.iter_mut().filter(here).take(MESSAGE_MEDIA_MAX);
        entries
            .map(|entry| {
                entry.ask = Ask::UnderWay;
                entry.id
            })
            .collect()
    }

    /// The server has answered: what it left out is gone. Or it has not, and they are wanted as before, or given up.
    pub(crate) fn settle(&mut self, asked: &[MediaId], answer: Result<Vec<Media>, bool>, now: i64) {
        let mut items = Vec::new();
        let ask = match answer {
            Ok(media) => {
                items = media;
                None
            }
            Err(again) => Some(if again { Ask::Wanted } else { Ask::Nothing }),
        };
        for entry in self.0.iter_mut().filter(|entry| asked.contains(&entry.id)) {
            entry.ask = ask.unwrap_or(Ask::Nothing);
            if ask.is_none() {
                entry.at = now;
                let here = items.iter().find(|media| media.id == entry.id);
                entry.found = here.map_or(Found::Gone, |media| Found::Here(Ptr::new(media.clone())));
            }
        }
    }

    /// One's own, which has just been brought.
    pub(crate) fn put(&mut self, conversation: ConversationId, media: Media, now: i64) {
        let entry = self.entry(conversation, media.id);
        (entry.found, entry.at) = (Found::Here(Ptr::new(media)), now);
    }

    /// One is in a conversation no more.
    pub(crate) fn forget(&mut self, conversation: ConversationId) {
        self.0.retain(|entry| entry.conversation != conversation);
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::conversations::Attachment;
    use hearth_shared::ids::Id;

    use super::*;
    use crate::features::chats::state::tests::attachment;

    const HERE: i64 = 1;

    fn chat() -> ConversationId {
        ConversationId::new(HERE)
    }

    fn ids(numbers: &[i64]) -> Vec<MediaId> {
        numbers.iter().copied().map(MediaId::new).collect()
    }

    fn media(number: i64) -> Media {
        let Attachment { id, kind, .. } = attachment(number);
        Media {
            id,
            kind,
            url: format!("/{number}"),
            medium_url: None,
            thumb_url: None,
            width: None,
            height: None,
            duration_ms: None,
            blurhash: None,
            alt_text: String::new(),
            name: String::new(),
            size: 0,
        }
    }

    fn is_here(addresses: &Addresses, number: i64) -> bool {
        matches!(addresses.of(&ids(&[number]))[0], Found::Here(_))
    }

    #[test]
    fn what_is_shown_together_is_asked_for_together() {
        let mut all = Addresses::default();
        assert!(all.want(chat(), &ids(&[1, 2]), 0));
        assert!(all.want(chat(), &ids(&[2, 3]), 0));
        assert!(all.want(ConversationId::new(9), &ids(&[4]), 0));
        assert_eq!(all.next(chat()), ids(&[1, 2, 3]));
        assert!(all.next(chat()).is_empty(), "they are under way");
        assert!(!all.want(chat(), &ids(&[1]), 0));
        all.settle(&ids(&[1, 2, 3]), Ok(vec![media(3), media(1)]), 10);
        assert!(is_here(&all, 1) && is_here(&all, 3));
        assert_eq!(all.of(&ids(&[2, 5])), [Found::Gone, Found::Unknown]);
        assert!(!all.want(chat(), &ids(&[1, 2, 3]), 20), "known");
        let many: Vec<i64> = (100..250).collect();
        all.want(chat(), &ids(&many), 20);
        assert_eq!(all.next(chat()).len(), MESSAGE_MEDIA_MAX);
        assert_eq!(all.next(chat()).len(), 50);
    }

    #[test]
    fn an_old_address_is_not_tried() {
        let mut all = Addresses::default();
        all.put(chat(), media(1), 0);
        assert!(all.is_fresh(MediaId::new(1), FRESH_MILLIS - 1));
        assert!(!all.want(chat(), &ids(&[1]), FRESH_MILLIS - 1));
        assert!(!all.is_fresh(MediaId::new(1), FRESH_MILLIS));
        assert!(all.want(chat(), &ids(&[1]), FRESH_MILLIS));
        assert!(!is_here(&all, 1));
    }

    #[test]
    fn without_an_answer_they_are_asked_for_again_or_given_up() {
        let mut all = Addresses::default();
        all.want(chat(), &ids(&[1]), 0);
        let asked = all.next(chat());
        all.settle(&asked, Err(true), 0);
        assert_eq!(all.next(chat()), asked);
        all.settle(&asked, Err(false), 0);
        assert!(all.next(chat()).is_empty());
        assert!(all.want(chat(), &ids(&[1]), 0), "the next look asks");
    }

    #[test]
    fn a_lost_picture_is_asked_for_once_in_a_while() {
        let mut all = Addresses::default();
        let now = 1_000_000;
        all.put(chat(), media(1), now);
        assert!(all.lose(chat(), MediaId::new(1), now));
        assert!(!all.lose(chat(), MediaId::new(1), now + 1));
        let asked = all.next(chat());
        all.settle(&asked, Ok(vec![media(1)]), now + 2);
        assert!(!all.lose(chat(), MediaId::new(1), now + AGAIN_MILLIS));
        assert!(all.lose(chat(), MediaId::new(1), now + AGAIN_MILLIS + 1));
        all.forget(chat());
        assert_eq!(all.of(&ids(&[1])), [Found::Unknown]);
    }
}
