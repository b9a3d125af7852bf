//! What is between people who are no friends.

use hearth_shared::privacy::{ChangePrivacy, PrivacyChange, Reach};

use super::cell::Cell;
use crate::support::TestApp;

impl Cell {
    /// A request of the owner's to write, to the caller or to somebody else; or the owner, who takes none.
    pub(super) async fn of_strangers(&self, app: &TestApp, object: &str) -> String {
        match object {
            "others' message request" => self.conversation(app, &self.other).await,
            "message of a message request" => self.message(app, self.actor.as_ref().unwrap()).await,
            "message request" => self.conversation(app, self.actor.as_ref().unwrap()).await,
            _ => {
                let nobody = PrivacyChange {
                    messages: Some(Reach::Nobody),
                    ..PrivacyChange::default()
                };
                let changed = self.owner.call(app, &ChangePrivacy {}, &nobody).await;
                changed.map(drop).unwrap();
                self.owner.id().to_string()
            }
        }
    }
}
