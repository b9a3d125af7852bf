//! What happens: between people, and what they do with what they are told. What they write is in [`super::posts`].

use std::collections::BTreeSet;

use hearth_shared::blocks::{BlockPerson, UnblockPerson};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::{
    AcceptFriendRequest, CancelFriendRequest, CreateFriendRequest, DeclineFriendRequest, NewFriendRequest,
    RemoveFriend, RequestStatus,
};
use hearth_shared::notifications::preferences::{
    ChangeNotificationPreferences, Channel, NotificationPreferencesChange, SwitchChange, Topic,
};
use hearth_shared::notifications::{
    MarkNotificationRead, MarkNotificationsRead, MarkNotificationsSeen, NotificationFilter, UpTo,
};
use hearth_shared::posts::{MutePerson, MutePost, UnmutePerson, UnmutePost};
use rand::RngExt;

use super::Walk;
use super::model::{Who, pair};

/// What has a switch in the app.
const TOPICS: [Topic; 6] = [
    Topic::Friends,
    Topic::Reactions,
    Topic::Comments,
    Topic::Mentions,
    Topic::Shares,
    Topic::Groups,
];

/// Something that happened.
pub(super) struct Act {
    pub(super) words: String,
    /// On which post.
    pub(super) post: Option<usize>,
    /// Whom it concerns.
    pub(super) people: BTreeSet<Who>,
}

impl Act {
    pub(super) fn between(people: impl IntoIterator<Item = Who>, words: String) -> Self {
        Self {
            words,
            post: None,
            people: people.into_iter().collect(),
        }
    }

    pub(super) fn on(post: usize, by: Who, words: String) -> Self {
        Self {
            words,
            post: Some(post),
            people: BTreeSet::from([by]),
        }
    }

    pub(super) fn nothing() -> Self {
        Self::between([], "nothing".to_owned())
    }
}

/// How an attempt must end, for the log.
pub(super) fn outcome(allowed: bool) -> &'static str {
    if allowed { "" } else { ", and may not" }
}

impl Walk<'_> {
    /// Something happens. What, the dice say; at first people get to know each other.
    pub(super) async fn act(&mut self) -> Act {
        let most = if self.number < 250 { 45 } else { 178 };
        match self.dice.random_range(0..most) {
            0..12 => self.befriend().await,
            12..26 => self.answer().await,
            26..34 => self.write_post().await,
            34..44 => self.react().await,
            44 => self.mark_seen().await,
            45..47 => self.part().await,
            47..49 => self.block().await,
            49..52 => self.unblock().await,
            52..55 => self.edit_post().await,
            55..58 => self.change_audience().await,
            58..61 => self.remove_post().await,
            61..65 => self.restore_post().await,
            65..72 => self.unreact().await,
            72..88 => self.comment().await,
            88..100 => self.reply().await,
            100..105 => self.edit_comment().await,
            105..110 => self.remove_comment().await,
            110..116 => self.restore_comment().await,
            116..123 => self.react_to_comment().await,
            123..126 => self.unreact_to_comment().await,
            126..131 => self.share().await,
            131..134 => self.mute_or_not().await,
            134..139 => self.mark_seen().await,
            139..145 => self.mark_one_read().await,
            145..147 => self.mark_all_read().await,
            147..150 => self.invite().await,
            150..152 => self.answer_invitation().await,
            152..155 => self.come_or_go().await,
            155..163 => self.say_in_group().await,
            163..165 => self.say_otherwise().await,
            165..168 => self.take_message_back().await,
            168..171 => self.turn_a_switch().await,
            171..174 => self.read_in_group().await,
            _ => self.lose_or_find_a_device().await,
        }
    }

    fn two_people(&mut self) -> (Who, Who) {
        let (one, step) = (self.any_person(), self.dice.random_range(1..super::PEOPLE));
        (one, (one + step) % super::PEOPLE)
    }

    async fn befriend(&mut self) -> Act {
        let (from, to) = self.two_people();
        let new = NewFriendRequest {
            user_id: self.people[to].id(),
        };
        let world = &self.world;
        let asked = world.requests.contains_key(&(from, to));
        let allowed = !asked && !world.are_friends(from, to) && !world.hidden(from, to);
        let answer = self.ask(from, &CreateFriendRequest {}, &new).await;
        let words = format!("{from} asks {to} for friendship{}", outcome(allowed));
        assert_eq!(answer.is_ok(), allowed, "{}: {words}: {answer:?}", self.place());
        if let Ok(request) = answer {
            if self.world.requests.contains_key(&(to, from)) {
                assert_eq!(request.status, RequestStatus::Accepted);
                self.world.accepted(to, from);
            } else {
                self.world.asked(from, to, request.id);
            }
        }
        self.world.touched.extend([from, to]);
        Act::between([from, to], words)
    }

    async fn answer(&mut self) -> Act {
        let waiting: Vec<_> = self
            .world
            .requests
            .iter()
            .map(|(pair, id)| (*pair, *id))
            .collect();
        if waiting.is_empty() {
            return Act::nothing();
        }
        let ((from, to), request_id) = waiting[self.dice.random_range(0..waiting.len())];
        let words = match self.dice.random_range(0..20) {
            0..15 => {
                let call = AcceptFriendRequest { request_id };
                self.ask(to, &call, &Nothing).await.unwrap();
                self.world.accepted(from, to);
                format!("{to} accepts {from}")
            }
            15..18 => {
                let call = DeclineFriendRequest { request_id };
                self.ask(to, &call, &Nothing).await.unwrap();
                self.world.request_gone(from, to);
                format!("{to} declines {from}")
            }
            _ => {
                let call = CancelFriendRequest { request_id };
                self.ask(from, &call, &Nothing).await.unwrap();
                self.world.request_gone(from, to);
                format!("{from} takes the request to {to} back")
            }
        };
        Act::between([from, to], words)
    }

    async fn part(&mut self) -> Act {
        let friends: Vec<_> = self.world.friends.iter().copied().collect();
        if friends.is_empty() {
            return Act::nothing();
        }
        let (a, b) = friends[self.dice.random_range(0..friends.len())];
        let call = RemoveFriend {
            user_id: self.people[b].id(),
        };
        self.ask(a, &call, &Nothing).await.unwrap();
        self.world.friends.remove(&(a, b));
        self.world.parted(a, b);
        self.world.settle();
        Act::between([a, b], format!("{a} parts from {b}"))
    }

    async fn block(&mut self) -> Act {
        let (by, other) = self.two_people();
        // Whom somebody blocks who is blocked by them is not shown: the block is kept, and not told.
        let allowed = !self.world.blocks.contains(&(other, by)) || self.world.blocks.contains(&(by, other));
        let quiet = self.world.blocks.contains(&(other, by)) && self.world.blocks.contains(&(by, other));
        if quiet {
            return Act::nothing();
        }
        let call = BlockPerson {
            user_id: self.people[other].id(),
        };
        let answer = self.ask(by, &call, &Nothing).await;
        let words = format!("{by} blocks {other}{}", outcome(allowed));
        assert_eq!(answer.is_ok(), allowed, "{}: {words}: {answer:?}", self.place());
        self.world.blocks.insert((by, other));
        self.world.friends.remove(&pair(by, other));
        self.world.requests.remove(&(by, other));
        self.world.requests.remove(&(other, by));
        self.world.parted(by, other);
        self.world.settle();
        Act::between([by, other], words)
    }

    async fn unblock(&mut self) -> Act {
        let blocks: Vec<_> = self.world.blocks.iter().copied().collect();
        if blocks.is_empty() {
            return Act::nothing();
        }
        let (by, other) = blocks[self.dice.random_range(0..blocks.len())];
        let call = UnblockPerson {
            user_id: self.people[other].id(),
        };
        self.ask(by, &call, &Nothing).await.unwrap();
        self.world.blocks.remove(&(by, other));
        self.world.bond_changed(by, other);
        Act::between([by, other], format!("{by} takes the block of {other} back"))
    }

    async fn mute_or_not(&mut self) -> Act {
        let (by, other) = self.two_people();
        let user_id = self.people[other].id();
        match self.dice.random_range(0..4) {
            0 => {
                let allowed = !self.world.hidden(by, other);
                let muted = self.ask(by, &MutePerson { user_id }, &Nothing).await;
                assert_eq!(muted.is_ok(), allowed, "{}", self.place());
                if allowed {
                    self.world.muted_people.insert((by, other));
                }
                Act::between([by, other], format!("{by} mutes {other}{}", outcome(allowed)))
            }
            1 => {
                let Some((by, other)) = self.world.muted_people.pop_first() else {
                    return Act::nothing();
                };
                let user_id = self.people[other].id();
                self.ask(by, &UnmutePerson { user_id }, &Nothing).await.unwrap();
                Act::between([by, other], format!("{by} mutes {other} no longer"))
            }
            2 => {
                let Some(post) = self.a_post(by) else {
                    return Act::nothing();
                };
                let call = MutePost {
                    post_id: self.world.posts[post].id,
                };
                let allowed = self.world.sees(by, post);
                let muted = self.ask(by, &call, &Nothing).await;
                assert_eq!(muted.is_ok(), allowed, "{}", self.place());
                if allowed {
                    self.world.muted_posts.insert((by, post));
                }
                Act::on(post, by, format!("{by} mutes post {post}{}", outcome(allowed)))
            }
            _ => {
                let Some((by, post)) = self.world.muted_posts.pop_first() else {
                    return Act::nothing();
                };
                let call = UnmutePost {
                    post_id: self.world.posts[post].id,
                };
                self.ask(by, &call, &Nothing).await.unwrap();
                Act::on(post, by, format!("{by} mutes post {post} no longer"))
            }
        }
    }

    /// Somebody wants to hear nothing of something any more, or again; mostly again.
    async fn turn_a_switch(&mut self) -> Act {
        let off: Vec<(Who, Topic)> = self.world.refused.iter().copied().collect();
        let again = self.dice.random_bool(0.55);
        let (who, topic) = match self.one_of(&off).filter(|_| again) {
            Some(known) => known,
            None => {
                let topic = TOPICS[self.dice.random_range(0..TOPICS.len())];
                (self.any_person(), topic)
            }
        };
        let wanted = self.world.refused.contains(&(who, topic));
        let change = NotificationPreferencesChange {
            switches: vec![SwitchChange {
                topic,
                channel: Channel::App,
                wanted,
            }],
            quiet_hours: None,
        };
        let call = ChangeNotificationPreferences {};
        self.ask(who, &call, &change).await.unwrap();
        if wanted {
            self.world.refused.remove(&(who, topic));
        } else {
            self.world.refused.insert((who, topic));
        }
        self.world.touched.insert(who);
        Act::between([who], format!("{who} wants to be told of {topic:?}: {wanted}"))
    }

    /// A line of somebody's: which in their list, its place in the model, and its position on the server.
    async fn a_line(
        &mut self,
        within: usize,
    ) -> Option<(Who, usize, u64, hearth_shared::ids::NotificationId, u64)> {
        let who = self.any_person();
        let shown = self.world.shown(who);
        if shown.is_empty() {
            return None;
        }
        let chosen = self.dice.random_range(0..shown.len().min(within));
        let told = self.told(who, NotificationFilter::All).await;
        Some((
            who,
            chosen,
            shown[chosen].0,
            told[chosen].id,
            told[chosen].position,
        ))
    }

    async fn mark_seen(&mut self) -> Act {
        let Some((who, chosen, place, _, up_to)) = self.a_line(4).await else {
            return Act::nothing();
        };
        self.ask(who, &MarkNotificationsSeen {}, &UpTo { up_to })
            .await
            .unwrap();
        self.world.mark_seen(who, place);
        Act::between([who], format!("{who} sees all from line {chosen} on"))
    }

    async fn mark_all_read(&mut self) -> Act {
        let Some((who, chosen, place, _, up_to)) = self.a_line(4).await else {
            return Act::nothing();
        };
        self.ask(who, &MarkNotificationsRead {}, &UpTo { up_to })
            .await
            .unwrap();
        self.world.mark_read(who, |_, line| line <= place);
        Act::between([who], format!("{who} reads all from line {chosen} on"))
    }

    async fn mark_one_read(&mut self) -> Act {
        let Some((who, chosen, place, notification_id, _)) = self.a_line(20).await else {
            return Act::nothing();
        };
        let call = MarkNotificationRead { notification_id };
        self.ask(who, &call, &Nothing).await.unwrap();
        self.world.mark_read(who, |_, line| line == place);
        Act::between([who], format!("{who} reads line {chosen}"))
    }

    /// A device loses its connection, or finds it again and catches up.
    async fn lose_or_find_a_device(&mut self) -> Act {
        let place = self.dice.random_range(0..self.devices.len());
        let device = &mut self.devices[place];
        let words = if device.is_connected() {
            device.disconnect();
            format!("device {place} is away")
        } else {
            device.connect(self.app).await;
            format!("device {place} is back")
        };
        Act::between([place / super::DEVICES_EACH], words)
    }
}
