//! The rows of the table that are about groups.

use hearth_shared::conversations::groups::{
    CreateGroup, EditGroup, EndGroup, GroupPatch, History, JoinGroup, LeaveGroup, NewGroup, Visibility,
};
use hearth_shared::conversations::members::{InviteToGroup, Invitees, RemoveMember, WithdrawInvitation};
use hearth_shared::conversations::{AddMessageReaction, EditMessage, MessagePatch, WhichEmoji};
use hearth_shared::endpoint::Nothing;
use hearth_shared::realtime::frames::ClientFrame;

use super::World;
use crate::groups::pictures;
use crate::support::{Device, Person, TestApp, client_id};

fn new_group() -> NewGroup {
    NewGroup {
        client_id: client_id(),
        title: "Garden week".to_owned(),
        description: String::new(),
        visibility: Visibility::Private,
        history: History::FromJoining,
        user_ids: Vec::new(),
    }
}

/// Ada's group with ben, or with him invited; what she said in it was before him.
pub(super) async fn prepare(app: &TestApp, what: &str, world: &mut World) {
    if what == "ada makes a group" {
        return;
    }
    let (ada, ben) = (&world.ada, &world.ben);
    let conversation_id = ada.call(app, &CreateGroup {}, &new_group()).await.unwrap().id;
    let message = ada.say(app, conversation_id, "before").await.unwrap();
    (world.talk, world.message) = (Some(conversation_id), Some(message.id));
    if what == "ada invites ben to her group" {
        return;
    }
    invite(app, ada, ben, world).await;
    if !what.contains("may come") {
        let call = JoinGroup { conversation_id };
        ben.call(app, &call, &Nothing).await.unwrap();
    }
    if what.contains("what she said") {
        let body = format!("@{} towels", ben.username());
        let message = ada.say(app, conversation_id, &body).await.unwrap();
        world.message = Some(message.id);
    }
}

async fn invite(app: &TestApp, by: &Person, whom: &Person, world: &World) {
    let call = InviteToGroup {
        conversation_id: world.talk.unwrap(),
    };
    let whom = Invitees {
        user_ids: vec![whom.id()],
    };
    by.call(app, &call, &whom).await.unwrap();
}

pub(super) async fn act(app: &TestApp, what: &str, world: &World, hers: &mut Device) {
    let World { ada, ben, .. } = world;
    if what == "ada makes a group" {
        ada.call(app, &CreateGroup {}, &new_group()).await.unwrap();
        return;
    }
    let (conversation_id, user_id) = (world.talk.unwrap(), ben.id());
    match what {
        "ada changes the name of her group" => {
            let patch = GroupPatch {
                title: Some("Garden month".to_owned()),
                description: None,
            };
            let call = EditGroup { conversation_id };
            ada.call(app, &call, &patch).await.map(drop).unwrap();
        }
        "ada gives her group a picture" | "ada gives the group into which ben may come a picture" => {
            drop(pictures::set(app, ada, conversation_id).await);
        }
        "ada removes ben from her group" => {
            let call = RemoveMember {
                conversation_id,
                user_id,
            };
            ada.call(app, &call, &Nothing).await.map(drop).unwrap();
        }
        "ada leaves the group to ben" => {
            let call = LeaveGroup { conversation_id };
            ada.call(app, &call, &Nothing).await.map(drop).unwrap();
        }
        "ada ends her group" => {
            let call = EndGroup { conversation_id };
            ada.call(app, &call, &Nothing).await.map(drop).unwrap();
        }
        "ada invites ben to her group" => invite(app, ada, ben, world).await,
        "ada takes back that ben may come into her group" => {
            let call = WithdrawInvitation {
                conversation_id,
                user_id,
            };
            ada.call(app, &call, &Nothing).await.map(drop).unwrap();
        }
        "ada types in her group" => hers.send(&ClientFrame::Typing { conversation_id }).await,
        "ada opens her group" => {
            let watch = ClientFrame::Watch {
                post_ids: Vec::new(),
                conversation_id: world.talk,
            };
            hers.send(&watch).await;
        }
        "ada names ben in her group" => {
            let body = format!("@{} towels", ben.username());
            drop(ada.say(app, conversation_id, &body).await.unwrap());
        }
        "ada takes ben out of what she said in her group" => {
            let message_id = world.message.unwrap();
            let patch = MessagePatch {
                body: "towels".to_owned(),
            };
            let edited = ada.call(app, &EditMessage { message_id }, &patch).await;
            edited.map(drop).unwrap();
        }
        "ada writes in her group" => drop(ada.say(app, conversation_id, "towels").await.unwrap()),
        "ada puts an emoji on what was said in her group before ben came" => {
            let which = WhichEmoji {
                emoji: "👍".to_owned(),
            };
            let call = AddMessageReaction {
                message_id: world.message.unwrap(),
            };
            let reacted = ada.call_with(app, &call, &which, &Nothing).await;
            reacted.map(drop).unwrap();
        }
        unknown => panic!("nobody knows how: {unknown}"),
    }
}
