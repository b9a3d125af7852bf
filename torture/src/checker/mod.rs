//! Whether a history keeps the promises. Knows nothing of what was done to the servers.
//!
//! * **Durable**: what was answered is in the final read and on every device of every member.
//! * **Unique**: once; what was never answered once or not at all; on no device twice.
//! * **Order**: each device shows every position of a conversation after the other, and all show the same.
//! * **Real time**: what was sent after another message was answered stands behind it.

use std::collections::{BTreeMap, HashMap, HashSet};

use hearth_shared::ids::{ClientId, ConversationId, Id};

use crate::history::{Line, What};

/// What a history holds, ordered for questions.
#[derive(Default)]
struct Told<'a> {
    /// When and where each message was sent.
    invoked: HashMap<&'a ClientId, (u64, ConversationId)>,
    /// When each was answered, and with which position.
    answered: HashMap<&'a ClientId, (u64, u64)>,
    refused: HashSet<&'a ClientId>,
    /// What each device shows of each conversation, in the order in which it came, and from where it follows.
    shown: BTreeMap<(u32, ConversationId), Shown<'a>>,
    /// What is there at the end.
    last: BTreeMap<ConversationId, &'a [(u64, ClientId)]>,
}

#[derive(Default)]
struct Shown<'a> {
    from: u64,
    messages: Vec<(u64, &'a ClientId)>,
}

/// Everything that is wrong with a history, in words; empty when it keeps the promises.
pub fn check(lines: &[Line]) -> Vec<String> {
    let mut wrong = Vec::new();
    let told = Told::of(lines, &mut wrong);
    told.durable(&mut wrong);
    told.unique(&mut wrong);
    told.order(&mut wrong);
    told.real_time(&mut wrong);
    wrong
}

impl<'a> Told<'a> {
    fn of(lines: &'a [Line], wrong: &mut Vec<String>) -> Self {
        let mut told = Self::default();
        for line in lines {
            match &line.what {
                What::Follows {
                    receiver,
                    conversation,
                    seq,
                    ..
                } => {
                    let shown = Shown {
                        from: *seq,
                        messages: Vec::new(),
                    };
                    told.shown.insert((*receiver, *conversation), shown);
                }
                What::Invoke {
                    conversation,
                    client_id,
                    ..
                } => {
                    if told.invoked.insert(client_id, (line.at, *conversation)).is_some() {
                        wrong.push(format!("{} was sent twice by its sender", client_id.as_str()));
                    }
                }
                What::Ok { client_id, seq } => {
                    if told.answered.insert(client_id, (line.at, *seq)).is_some() {
                        wrong.push(format!("{} was answered twice", client_id.as_str()));
                    }
                }
                What::Refused { client_id, why } => {
                    told.refused.insert(client_id);
                    wrong.push(format!("{} was refused: {why}", client_id.as_str()));
                }
                What::Applied {
                    receiver,
                    conversation,
                    seq,
                    client_id,
                } => match told.shown.get_mut(&(*receiver, *conversation)) {
                    Some(shown) => shown.messages.push((*seq, client_id)),
                    None => wrong.push(format!(
                        "audience: device {receiver} was told of {}, which it does not follow",
                        name(*conversation)
                    )),
                },
                What::Reread { receiver, why } => {
                    wrong.push(format!("device {receiver} had to read anew: {why}"));
                }
                What::Final {
                    conversation,
                    messages,
                } => {
                    told.last.insert(*conversation, messages);
                }
                What::Phase(_)
                | What::Again { .. }
                | What::Unread { .. }
                | What::Lost { .. }
                | What::Ready { .. }
                | What::Level { .. }
                | What::Health { .. } => {}
            }
        }
        told
    }

    /// Where each message is at the end, and how often.
    fn places(&self) -> HashMap<&'a ClientId, Vec<(ConversationId, u64)>> {
        let mut places: HashMap<_, Vec<_>> = HashMap::new();
        for (conversation, messages) in &self.last {
            for (seq, client_id) in *messages {
                places.entry(client_id).or_default().push((*conversation, *seq));
            }
        }
        places
    }

    fn durable(&self, wrong: &mut Vec<String>) {
        let places = self.places();
        let seen: HashSet<_> = self
            .shown
            .iter()
            .flat_map(|((receiver, _), shown)| shown.messages.iter().map(move |(_, id)| (*receiver, *id)))
            .collect();
        for (client_id, (_, seq)) in &self.answered {
            let Some((_, conversation)) = self.invoked.get(client_id) else {
                wrong.push(format!("{} was answered and never sent", client_id.as_str()));
                continue;
            };
            if !places
                .get(client_id)
                .is_some_and(|all| all.contains(&(*conversation, *seq)))
            {
                wrong.push(format!(
                    "durable: {} was answered with {seq} in {} and is not there",
                    client_id.as_str(),
                    name(*conversation)
                ));
            }
            for (receiver, _) in self.shown.keys().filter(|(_, talk)| talk == conversation) {
                if !seen.contains(&(*receiver, *client_id)) {
                    wrong.push(format!(
                        "durable: {} (at {seq} in {}) never came to device {receiver}",
                        client_id.as_str(),
                        name(*conversation)
                    ));
                }
            }
        }
    }

    fn unique(&self, wrong: &mut Vec<String>) {
        for (client_id, places) in self.places() {
            if places.len() > 1 {
                wrong.push(format!("unique: {} is there at {places:?}", client_id.as_str()));
            }
            if self.refused.contains(client_id) {
                wrong.push(format!("unique: {} was refused and is there", client_id.as_str()));
            }
        }
        for ((receiver, conversation), shown) in &self.shown {
            let mut seen = HashSet::new();
            for (_, client_id) in &shown.messages {
                if !seen.insert(client_id) {
                    wrong.push(format!(
                        "unique: device {receiver} shows {} twice in {}",
                        client_id.as_str(),
                        name(*conversation)
                    ));
                }
            }
        }
    }

    fn order(&self, wrong: &mut Vec<String>) {
        for (conversation, messages) in &self.last {
            if let Some(pair) = messages.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
                wrong.push(format!(
                    "order: {} has {} before {}",
                    name(*conversation),
                    pair[0].0,
                    pair[1].0
                ));
            }
        }
        for ((receiver, conversation), shown) in &self.shown {
            let all = self.last.get(conversation).copied().unwrap_or_default();
            let rest = &all[all.partition_point(|(seq, _)| *seq <= shown.from)..];
            let different = (0..rest.len().max(shown.messages.len())).find(|at| {
                let there = rest.get(*at).map(|(seq, id)| (*seq, id));
                let here = shown.messages.get(*at).copied();
                // Without a gap: the conversations of these stories hold messages only.
                there != here || here.is_none_or(|(seq, _)| seq != shown.from + 1 + *at as u64)
            });
            if let Some(at) = different {
                wrong.push(format!(
                    "order: device {receiver} shows {:?} in {} where {:?} is",
                    shown.messages.get(at).map(|(seq, _)| seq),
                    name(*conversation),
                    rest.get(at).map(|(seq, _)| seq)
                ));
            }
        }
    }

    fn real_time(&self, wrong: &mut Vec<String>) {
        for (conversation, messages) in &self.last {
            // Answers by time; before each sending the furthest position that was answered by then.
            let mut answers: Vec<(u64, u64)> = messages
                .iter()
                .filter_map(|(_, id)| self.answered.get(id).copied())
                .collect();
            answers.sort_unstable();
            let mut sendings: Vec<(u64, u64)> = messages
                .iter()
                .filter_map(|(seq, id)| Some((self.invoked.get(id)?.0, *seq)))
                .collect();
            sendings.sort_unstable();
            let (mut next, mut furthest) = (0, 0);
            for (sent, seq) in sendings {
                while let Some((_, answered)) = answers.get(next).filter(|(at, _)| *at < sent) {
                    furthest = furthest.max(*answered);
                    next += 1;
                }
                if seq <= furthest {
                    wrong.push(format!(
                        "real time: in {} {seq} was sent after {furthest} was answered",
                        name(*conversation)
                    ));
                }
            }
        }
    }
}

fn name(conversation: ConversationId) -> String {
    format!("c:{}", conversation.get())
}

#[cfg(test)]
mod tests;
