//! What people are told of each other: who is here, who is a friend no longer, who does not exist any more.

use hearth_shared::ids::{Id, UserId};
use hearth_shared::realtime::frames::{Presence, ServerFrame};

use super::{Dispatcher, write};
use crate::features::friends;
use crate::features::posts::store::live;
use crate::platform::error::AppResult;

impl Dispatcher {
    /// A person's friends who are here, on whichever node, as far as both show it.
    pub async fn friends_online(&self, user: UserId) -> AppResult<Vec<UserId>> {
        let mut friends = self.seen_by(user).await?;
        friends.retain(|friend| self.is_online(*friend));
        Ok(friends)
    }

    /// The friends who see that a person is here, and whom the person sees.
    async fn seen_by(&self, user: UserId) -> AppResult<Vec<UserId>> {
        let friends = self
            .db
            .snapshot(move |conn| Ok(friends::store::presence::seen_by(conn, user)?))
            .await?;
        Ok(friends.into_iter().map(UserId::new).collect())
    }

    /// Those of them whom this node can tell something.
    pub(super) async fn friends_here(&self, user: UserId) -> AppResult<Vec<UserId>> {
        let mut friends = self.friends(user).await?;
        friends.retain(|friend| self.hub.is_online(*friend));
        Ok(friends)
    }

    async fn friends(&self, user: UserId) -> AppResult<Vec<UserId>> {
        let friends = self
            .db
            .read(move |conn| Ok(friends::store::friend_ids(conn, user)?))
            .await?;
        Ok(friends.into_iter().map(UserId::new).collect())
    }

    /// On whichever node.
    pub fn is_online(&self, user: UserId) -> bool {
        self.hub.is_online(user) || self.elsewhere.is_online(user)
    }

    pub(super) async fn presence(&self, presence: Presence) -> AppResult<()> {
        self.here.person(presence.user_id);
        let mut friends = self.seen_by(presence.user_id).await?;
        friends.retain(|friend| self.hub.is_online(*friend));
        // As it is now: they may have come or gone since it was said.
        let presence = Presence {
            online: self.is_online(presence.user_id),
            ..presence
        };
        self.send_lossy(&friends, &ServerFrame::Presence(presence));
        Ok(())
    }

    /// Friends see each other from now on; who is no friend any more goes without a word.
    pub(super) async fn friendship(&self, [a, b]: [UserId; 2]) -> AppResult<()> {
        let read = self.db.snapshot(move |conn| {
            let friends = friends::store::are_friends(conn, a, b)?;
            let shown = friends::store::presence::seen_among(conn, a, &[b.get()])?.contains(&b.get());
            Ok((
                friends,
                friends && shown && friends::store::presence::shows(conn, b)?,
            ))
        });
        let (friends, shown) = read.await?;
        for (to, of) in [(a, b), (b, a)] {
            let presence = Presence {
                user_id: of,
                online: shown && self.is_online(of),
            };
            self.send_to(&[to], &ServerFrame::Presence(presence));
            if !friends {
                self.check_watched(to).await?;
            }
        }
        Ok(())
    }

    /// What the two watch of each other is gone at once. Whose doing it was reads anew, on all their devices; the
    /// other one is told nothing.
    pub(super) async fn hidden(&self, by: UserId, other: UserId) -> AppResult<()> {
        self.here.person(by);
        self.here.person(other);
        for user in [by, other] {
            self.check_watched(user).await?;
        }
        self.send_to(&[by], &ServerFrame::Resync);
        Ok(())
    }

    /// Friends who show theirs see a person come or go; and the person sees these, or sees them no longer.
    pub(super) async fn presence_shown(&self, user: UserId) -> AppResult<()> {
        self.here.person(user);
        let read = self.db.snapshot(move |conn| {
            let shows = friends::store::presence::shows(conn, user)?;
            Ok((shows, friends::store::presence::friends_who_show(conn, user)?))
        });
        let (shows, friends) = read.await?;
        let online = shows && self.is_online(user);
        let mut friends: Vec<UserId> = friends.into_iter().map(UserId::new).collect();
        friends.retain(|friend| self.is_online(*friend));
        self.send_to(
            &friends,
            &ServerFrame::Presence(Presence {
                user_id: user,
                online,
            }),
        );
        for friend in friends {
            let presence = Presence {
                user_id: friend,
                online: shows,
            };
            self.send_to(&[user], &ServerFrame::Presence(presence));
        }
        Ok(())
    }

    /// Somebody may see less than before: what they watch and may not see any more is gone for them at once.
    async fn check_watched(&self, user: UserId) -> AppResult<()> {
        for socket in self.hub.sockets(user) {
            let watched = socket.watched();
            let states = self
                .db
                .snapshot(move |conn| Ok(live::states(conn, user, &watched)?))
                .await?;
            for state in states.into_iter().filter(|state| state.gone) {
                self.hub.stop_watching(&socket, state.post_id);
                socket.send(&write(&ServerFrame::Post(state)));
            }
        }
        Ok(())
    }
}
