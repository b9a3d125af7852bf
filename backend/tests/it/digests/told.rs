//! What a digest tells: lines as in the list of activity, nothing that its person may not see, and no words.

use hearth_shared::blocks::BlockPerson;
use hearth_shared::digests::{ChangeDigestSettings, DigestSettings, GetDigestSettings};
use hearth_shared::endpoint::Nothing;
use hearth_shared::notifications::preferences::Topic;
use hearth_shared::posts::{
    Audience, DeletePost, EditPost, NewReaction, NewShare, Post, PostPatch, ReactionKind, SetReaction,
    SharePost,
};

use super::{digests, find, morning, pass, quiet, reader, recipients, try_now, turn, until, with_mail};
use crate::support::{MailServer, PUBLIC_URL, Person, TestApp, client_id};

async fn like(app: &TestApp, by: &Person, post: &Post) {
    let call = SetReaction { post_id: post.id };
    let kind = NewReaction {
        kind: ReactionKind::Like,
    };
    by.call(app, &call, &kind).await.map(drop).unwrap();
}

with_mail! {
    async fn lines_are_grouped_and_lead_to_what_they_are_about(app: TestApp, server: MailServer) {
        let ada = reader(&app, "ada").await;
        let mut friends = Vec::new();
        for name in ["ben", "cyd", "dan"] {
            let friend = app.person(name).await;
            app.befriend(&friend, &ada).await;
            friends.push(friend);
        }
        let eve = app.person("eve").await;
        eve.ask_friend(&app, &ada).await.unwrap();
        let post = ada.post(&app, "canary in the post").await;
        for friend in &friends {
            like(&app, friend, &post).await;
        }
        friends[0].comment(&app, &post, "canary in the comment").await.unwrap();
        let naming = friends[1].post(&app, "canary for @ada").await;
        pass(&app, 4).await;
        let mails = morning(&app, &server).await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        let mail = &mails[0];
        assert_eq!(mail.to, "ada@example.org");
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert_eq!(mail.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        let end = mail.header("List-Unsubscribe");
        assert!(end.starts_with(&format!("<{PUBLIC_URL}/unsubscribe?token=")) && end.ends_with('>'), "{end}");
        assert!(!mail.raw.contains("canary"), "{}", mail.raw);
        let (post, naming) = (format!("{PUBLIC_URL}/post/{}", post.id), format!("{PUBLIC_URL}/post/{}", naming.id));
        let expected = [
            ("CYD Test mentioned you in a post", naming),
            ("BEN Test commented on your post", post.clone()),
            ("DAN Test and 2 others liked your post", post),
            ("EVE Test wants to be your friend", format!("{PUBLIC_URL}/friends/requests")),
        ];
        let (text, html) = (mail.text(), mail.html());
        let mut place = 0;
        for (words, address) in &expected {
            let line = format!("{words}\n  {address}\n");
            let found = text[place..].find(&line);
            place += found.unwrap_or_else(|| panic!("{line} is not there, or not in this order: {text}"));
            assert!(html.contains(&format!("<a href=\"{address}\">{words}</a>")), "{words}: {html}");
        }
        // That she and her friends are friends she knows: she accepted, and that is read.
        assert_eq!(mail.subject(), format!("You have {} new notifications", expected.len()));
        for foreign in ["<img", "src=", "<style", "<script", "url("] {
            assert!(!html.contains(foreign), "{html}");
        }
        let token = end.trim_matches(['<', '>']);
        assert!(text.contains(token) && html.contains(token), "the end is in sight, too");
    }

    async fn ten_lines_and_how_many_more(app: TestApp, server: MailServer) {
        let (ada, ben) = (reader(&app, "ada").await, app.person("ben").await);
        app.befriend(&ben, &ada).await;
        for number in 0..17 {
            let post = ada.post(&app, &format!("post {number}")).await;
            like(&app, &ben, &post).await;
        }
        pass(&app, 4).await;
        let mails = morning(&app, &server).await;
        let text = mails[0].text();
        assert_eq!(text.matches("BEN Test liked your post\n").count(), 10, "{text}");
        assert!(text.contains(&format!("and 7 more\n  {PUBLIC_URL}/activity\n")), "{text}");
        assert_eq!(mails[0].subject(), "You have 17 new notifications");
    }

    async fn words_stand_in_it_when_they_are_asked_for(app: TestApp, server: MailServer) {
        let (ada, ben) = (reader(&app, "ada").await, app.person("ben").await);
        app.befriend(&ben, &ada).await;
        let settings = ada.call(&app, &GetDigestSettings {}, &Nothing).await.unwrap();
        assert!(!settings.with_words, "nobody has it without asking");
        let wanted = DigestSettings { with_words: true };
        for _ in 0..2 {
            assert_eq!(ada.call(&app, &ChangeDigestSettings {}, &wanted).await.unwrap(), wanted);
        }
        assert_eq!(ada.call(&app, &GetDigestSettings {}, &Nothing).await.unwrap(), wanted);
        assert_eq!(ben.call(&app, &GetDigestSettings {}, &Nothing).await.unwrap(), DigestSettings::default());
        let post = ada.post(&app, "x").await;
        ben.comment(&app, &post, "the <b>kettle</b> & the cup").await.unwrap();
        pass(&app, 4).await;
        let mails = morning(&app, &server).await;
        assert!(mails[0].text().contains("  \"the <b>kettle</b> & the cup\"\n"), "{}", mails[0].raw);
        let html = mails[0].html();
        assert!(html.contains("<q>the &lt;b&gt;kettle&lt;/b&gt; &amp; the cup</q>"), "what people wrote is text: {html}");
    }

    /// Visibility is asked when the mail is written, not when somebody was found to be due.
    async fn what_was_hidden_meanwhile_is_not_told(app: TestApp, server: MailServer) {
        let (ada, ben) = (reader(&app, "ada").await, app.person("ben").await);
        let cyd = app.person("cyd").await;
        app.befriend(&ben, &ada).await;
        app.befriend(&cyd, &ada).await;
        let private = ben.post(&app, "for @ada").await;
        let removed = ben.post(&app, "also for @ada").await;
        let stays = ben.post(&app, "still for @ada").await;
        let own = ada.post(&app, "x").await;
        cyd.comment(&app, &own, "x").await.unwrap();
        pass(&app, 4).await;
        // Everybody is found, and nobody can be sent anything yet.
        server.refuse(Some(451));
        assert_eq!(find(&app).await, 1);
        until("tried", async || server.refused() > 0).await;
        let hide = PostPatch { audience: Some(Audience::OnlyMe), ..PostPatch::default() };
        ben.call(&app, &EditPost { post_id: private.id }, &hide).await.map(drop).unwrap();
        ben.call(&app, &DeletePost { post_id: removed.id }, &Nothing).await.map(drop).unwrap();
        cyd.call(&app, &BlockPerson { user_id: ada.id() }, &Nothing).await.map(drop).unwrap();
        server.refuse(None);
        try_now(&app).await;
        quiet(&app).await;
        let mails = digests(&server);
        assert_eq!(mails.len(), 1);
        let text = mails[0].text();
        assert!(text.contains(&format!("/post/{}\n", stays.id)), "{text}");
        for hidden in [private.id.to_string(), removed.id.to_string(), "CYD".to_owned()] {
            assert!(!text.contains(&hidden), "{hidden}: {text}");
        }
        assert_eq!(mails[0].subject(), "You have a new notification");
    }

    /// Only what was hidden: no mail, and no job every quarter of an hour either.
    async fn where_nothing_is_left_nobody_is_bothered(app: TestApp, server: MailServer) {
        let (ada, ben) = (reader(&app, "ada").await, app.person("ben").await);
        app.befriend(&ben, &ada).await;
        let post = ben.post(&app, "for @ada").await;
        ben.call(&app, &DeletePost { post_id: post.id }, &Nothing).await.map(drop).unwrap();
        pass(&app, 4).await;
        assert_eq!(find(&app).await, 1);
        quiet(&app).await;
        assert_eq!(find(&app).await, 0);
        assert!(digests(&server).is_empty());
    }

    async fn messages_are_counted_for_those_who_want_to_hear_of_them(app: TestApp, server: MailServer) {
        let (ada, ben) = (reader(&app, "ada").await, reader(&app, "ben").await);
        let cyd = app.person("cyd").await;
        for reader in [&ada, &ben] {
            app.befriend(&cyd, reader).await;
            let talk = cyd.open(&app, reader).await;
            cyd.say(&app, talk.id, "canary").await.unwrap();
        }
        turn(&app, &ada, Topic::Messages, true).await;
        turn(&app, &ada, Topic::Friends, false).await;
        turn(&app, &ben, Topic::Friends, false).await;
        pass(&app, 4).await;
        let mails = morning(&app, &server).await;
        assert_eq!(recipients(&server), ["ada"], "of messages nobody hears by mail without asking");
        assert_eq!(mails[0].subject(), "You have unread messages");
        let text = mails[0].text();
        assert!(text.contains(&format!("You have unread messages in a conversation\n  {PUBLIC_URL}/chats\n")), "{text}");
        assert!(!mails[0].raw.contains("canary") && !text.contains("CYD"), "{text}");
        pass(&app, 24).await;
        assert_eq!(morning(&app, &server).await.len(), 1, "they were told of");
        let talk = cyd.open(&app, &ada).await;
        cyd.say(&app, talk.id, "canary").await.unwrap();
        pass(&app, 4).await;
        assert_eq!(morning(&app, &server).await.len(), 2, "there is another");
    }

    async fn a_post_that_is_passed_on_leads_to_the_new_one(app: TestApp, server: MailServer) {
        let (ada, ben) = (reader(&app, "ada").await, app.person("ben").await);
        app.befriend(&ben, &ada).await;
        let post = ada.post(&app, "x").await;
        let new = NewShare { client_id: client_id(), body: String::new(), audience: Audience::Friends };
        let share = ben.call(&app, &SharePost { post_id: post.id }, &new).await.unwrap();
        pass(&app, 4).await;
        let mails = morning(&app, &server).await;
        let line = format!("BEN Test shared your post\n  {PUBLIC_URL}/post/{}\n", share.id);
        assert!(mails[0].text().contains(&line), "{}", mails[0].text());
    }
}
