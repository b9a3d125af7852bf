//! The mail itself: all its words. Lines as the list of activity has them, the latest first, each with the address at
//! which it is to be seen. Names are what people call themselves, which may be anything; words of posts and comments
//! stand in it only for those who have asked for that.

use hearth_shared::digests::{UNSUBSCRIBE_PATH, UNSUBSCRIBE_QUERY};
use hearth_shared::endpoint::path_segment;
use hearth_shared::notifications::Notification;

use super::service::Digest;
use crate::features::auth::links::Links;
use crate::features::notifications::words;
use crate::platform::mail::{Mail, escaped};

/// Lines of a mail; what is left is counted.
const LINES_MAX: usize = 10;

const SIGNATURE: &str = "Hearth";
const INTRODUCTION: &str = "Since you were last here:";
const WHY: &str =
    "Hearth sends you one mail like this a day at most, when there is something that you have not seen.";
const CHOOSE: &str = "Choose what it tells you of";
const END: &str = "Unsubscribe";

/// A line and where it leads.
struct Line {
    words: String,
    address: String,
    quote: Option<String>,
}

/// The mail, with the token that ends all of them.
pub(super) fn digest(digest: &Digest, links: &Links, token: &str) -> Mail {
    let shown = digest.news.iter().take(LINES_MAX);
    let lines: Vec<Line> = shown.map(|told| line(told, links, digest.with_words)).collect();
    let rest = digest.news.len().saturating_sub(LINES_MAX);
    let mut further = Vec::new();
    if rest > 0 || digest.has_more {
        further.push(Line {
            words: and_more(rest, digest.has_more),
            address: links.page("/activity"),
            quote: None,
        });
    }
    if digest.conversations > 0 {
        further.push(Line {
            words: unread_messages(digest.conversations),
            address: links.page("/chats"),
            quote: None,
        });
    }
    let settings = links.page("/settings/notifications");
    let end = links.page(&format!(
        "{UNSUBSCRIBE_PATH}?{UNSUBSCRIBE_QUERY}={}",
        path_segment(&token)
    ));
    let subject = subject(digest);
    let text = text(&digest.username, &lines, &further, &settings, &end);
    let html = html(&subject, &digest.username, &lines, &further, &settings, &end);
    Mail {
        to: digest.email.clone(),
        subject,
        text,
        html,
        unsubscribe: Some(end),
    }
}

fn subject(digest: &Digest) -> String {
    match digest.news.len() {
        0 => "You have unread messages".to_owned(),
        1 => "You have a new notification".to_owned(),
        _ if digest.has_more => format!("You have more than {} new notifications", digest.news.len()),
        number => format!("You have {number} new notifications"),
    }
}

fn and_more(rest: usize, has_more: bool) -> String {
    match (rest, has_more) {
        (0, _) => "and more".to_owned(),
        (rest, true) => format!("and more than {rest} more"),
        (rest, false) => format!("and {rest} more"),
    }
}

fn unread_messages(conversations: i64) -> String {
    match conversations {
        1 => "You have unread messages in a conversation".to_owned(),
        number => format!("You have unread messages in {number} conversations"),
    }
}

fn line(told: &Notification, links: &Links, with_words: bool) -> Line {
    Line {
        words: words::sentence(told),
        address: links.page(&words::path(told)),
        quote: told.excerpt.clone().filter(|_| with_words),
    }
}

fn text(username: &str, lines: &[Line], further: &[Line], settings: &str, end: &str) -> String {
    let mut text = format!("Hello {username},\n\n");
    if !lines.is_empty() {
        text.push_str(INTRODUCTION);
        text.push_str("\n\n");
    }
    for Line {
        words,
        address,
        quote,
    } in lines.iter().chain(further)
    {
        text.push_str(&format!("{words}\n"));
        if let Some(quote) = quote {
            text.push_str(&format!("  \"{quote}\"\n"));
        }
        text.push_str(&format!("  {address}\n\n"));
    }
    text.push_str(&format!(
        "-- \n{SIGNATURE}\n\n{WHY}\n{CHOOSE}: {settings}\n{END}: {end}\n"
    ));
    text
}

fn html(
    subject: &str,
    username: &str,
    lines: &[Line],
    further: &[Line],
    settings: &str,
    end: &str,
) -> String {
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>{}</title></head>\n<body>\n\
         <p>Hello {},</p>\n",
        escaped(subject),
        escaped(username)
    );
    if !lines.is_empty() {
        html.push_str(&format!("<p>{INTRODUCTION}</p>\n<ul>\n"));
        for Line {
            words,
            address,
            quote,
        } in lines
        {
            html.push_str(&format!("<li>{}", link(address, words)));
            if let Some(quote) = quote {
                html.push_str(&format!("<br>\n<q>{}</q>", escaped(quote)));
            }
            html.push_str("</li>\n");
        }
        html.push_str("</ul>\n");
    }
    for Line { words, address, .. } in further {
        html.push_str(&format!("<p>{}</p>\n", link(address, words)));
    }
    html.push_str(&format!(
        "<p>{SIGNATURE}</p>\n<p><small>{WHY}<br>\n{}<br>\n{}</small></p>\n</body></html>\n",
        link(settings, CHOOSE),
        link(end, END)
    ));
    html
}

fn link(address: &str, words: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escaped(address), escaped(words))
}

#[cfg(test)]
mod tests {
    use hearth_shared::friends::RequestStatus;
    use hearth_shared::ids::{
        CommentId, ConversationId, FriendRequestId, Id, MessageId, NotificationId, PostId, UserId,
    };
    use hearth_shared::notifications::{Happening, ToldGroup};
    use hearth_shared::time::Timestamp;
    use hearth_shared::users::UserCard;
    use url::Url;

    use super::*;

    fn links() -> Links {
        Links::new(&Url::parse("https://hearth.example/").unwrap())
    }

    fn told(what: Happening, names: &[&str], actor_count: u32) -> Notification {
        let card = |name: &&str| UserCard {
            id: UserId::new(1),
            username: "tunde".to_owned(),
            display_name: (*name).to_owned(),
            avatar_url: None,
            rev: 0,
        };
        let in_group = matches!(
            what,
            Happening::GroupInvitation { .. } | Happening::MessageMention { .. }
        );
        Notification {
            id: NotificationId::new(9),
            position: 4,
            group: in_group.then(|| ToldGroup {
                title: "Garden week".to_owned(),
                picture_url: None,
            }),
            what,
            actors: names.iter().map(card).collect(),
            actor_count,
            excerpt: Some("canary".to_owned()),
            seen: false,
            read: false,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
        }
    }

    fn mail(news: Vec<Notification>, conversations: i64, with_words: bool) -> Mail {
        let wanted = Digest {
            email: "ada@example.org".to_owned(),
            username: "ada".to_owned(),
            news,
            has_more: false,
            conversations,
            with_words,
            up_to: 7,
        };
        digest(&wanted, &links(), "TOKEN")
    }

    #[test]
    fn every_kind_has_its_line_and_its_page() {
        let (post_id, comment_id) = (PostId::new(7), CommentId::new(8));
        let request = |status| Happening::FriendRequest {
            request_id: FriendRequestId::new(3),
            status,
        };
        let mention = |comment_id| Happening::Mention { post_id, comment_id };
        let share = |share_id| Happening::Share { post_id, share_id };
        let conversation_id = ConversationId::new(5);
        let invitation = |status| Happening::GroupInvitation {
            conversation_id,
            status,
        };
        let named = Happening::MessageMention {
            conversation_id,
            message_id: MessageId::new(6),
            number: 12,
        };
        for (what, words, path) in [
            (
                request(RequestStatus::Pending),
                "wants to be your friend",
                "/friends/requests",
            ),
            (
                request(RequestStatus::Accepted),
                "wanted to be your friend",
                "/u/tunde",
            ),
            (
                Happening::FriendAccepted,
                "accepted your friend request",
                "/u/tunde",
            ),
            (Happening::Reaction { post_id }, "liked your post", "/post/7"),
            (
                Happening::Comment { post_id },
                "commented on your post",
                "/post/7",
            ),
            (
                Happening::Reply { post_id, comment_id },
                "replied to your comment",
                "/post/7",
            ),
            (
                Happening::CommentReaction { post_id, comment_id },
                "liked your comment",
                "/post/7",
            ),
            (mention(None), "mentioned you in a post", "/post/7"),
            (mention(Some(comment_id)), "mentioned you in a comment", "/post/7"),
            (share(None), "shared your post", "/post/7"),
            (share(Some(PostId::new(9))), "shared your post", "/post/9"),
            (
                invitation(RequestStatus::Pending),
                "invites you to Garden week",
                "/groups",
            ),
            (
                invitation(RequestStatus::Accepted),
                "invited you to Garden week",
                "/chats/5",
            ),
            (named, "mentioned you in Garden week", "/chats/5?message=12"),
        ] {
            let line = line(&told(what, &["Tunde"], 1), &links(), false);
            assert_eq!(line.words, format!("Tunde {words}"));
            assert_eq!(line.address, format!("https://hearth.example{path}"));
            assert_eq!(line.quote, None);
        }
    }

    #[test]
    fn names_as_in_the_list_of_activity() {
        let post_id = PostId::new(7);
        for (names, count, expected) in [
            (&["Tunde"][..], 1, "Tunde liked your post"),
            (&["Tunde", "Lena"], 2, "Tunde and Lena liked your post"),
            (&["Tunde"], 2, "Tunde and 1 other liked your post"),
            (&["Tunde", "Lena", "Bo"], 5, "Tunde and 4 others liked your post"),
            (&["Tu\n-- \nnde"], 1, "Tu -- nde liked your post"),
        ] {
            let told = told(Happening::Reaction { post_id }, names, count);
            assert_eq!(line(&told, &links(), false).words, expected);
        }
    }

    #[test]
    fn what_people_chose_is_text_and_words_are_there_for_those_who_ask() {
        let post_id = PostId::new(7);
        let news = || vec![told(Happening::Reaction { post_id }, &["<img src=x>\"&"], 1)];
        let without = mail(news(), 2, false);
        assert!(!without.text.contains("canary") && !without.html.contains("canary"));
        assert!(
            without
                .html
                .contains(">&lt;img src=x&gt;&quot;&amp; liked your post</a>")
        );
        assert!(!without.html.contains("<img"));
        assert!(
            without
                .text
                .contains("You have unread messages in 2 conversations")
        );
        assert_eq!(without.subject, "You have a new notification");
        let end = "https://hearth.example/unsubscribe?token=TOKEN";
        assert_eq!(without.unsubscribe.as_deref(), Some(end));
        assert!(without.text.contains(end) && without.html.contains(end));
        let with = mail(news(), 0, true);
        assert!(with.text.contains("  \"canary\"\n") && with.html.contains("<q>canary</q>"));
        assert_eq!(mail(Vec::new(), 1, true).subject, "You have unread messages");
    }
}
