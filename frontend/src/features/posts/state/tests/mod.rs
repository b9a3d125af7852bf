//! What is known of posts after pages, writes and late answers.

mod sharing;

use hearth_shared::ids::{CommentId, MediaId};
use hearth_shared::media::{Media, MediaKind};
use hearth_shared::posts::{ReactionKind, Reactions};
use hearth_shared::realtime::frames::PostState;
use hearth_shared::users::UserCard;

use super::heard::Observed;
use super::thread::tests::comment;
use super::*;

pub(crate) fn user(id: i64) -> UserCard {
    UserCard {
        id: UserId::new(id),
        username: format!("user{id}"),
        display_name: format!("User {id}"),
        avatar_url: None,
        rev: 1,
    }
}

pub(crate) fn client(byte: u8) -> ClientId {
    ClientId::from_random_bytes([byte; 16])
}

fn post(id: i64, author: i64) -> Post {
    Post {
        id: PostId::new(id),
        client_id: client(u8::try_from(id).unwrap()),
        author: user(author),
        body: "text".into(),
        audience: Audience::Friends,
        reactions: Default::default(),
        my_reaction: None,
        comment_count: 0,
        last_comments: Vec::new(),
        created_at: Timestamp::from_millis(id),
        edited_at: None,
        mentions: Vec::new(),
        media: Vec::new(),
        shared: None,
        share_count: 0,
        my_saved: false,
        my_muted: false,
    }
}

fn likes(entry: &Entry) -> u32 {
    let post = &entry.post;
    reacting::total(&entry.reacting.counts(&post.reactions, post.my_reaction))
}

fn page(ids: &[i64]) -> Page<Post> {
    Page {
        items: ids.iter().map(|id| post(*id, 1)).collect(),
        next_cursor: None,
        seq: None,
    }
}

fn now() -> Timestamp {
    Timestamp::from_millis(0)
}

#[test]
fn a_post_keeps_its_key_when_it_is_confirmed() {
    let mut posts = Posts::default();
    let key = posts.begin(NewEntry {
        client_id: client(7),
        author: user(1),
        body: "text".into(),
        audience: Audience::Friends,
        media: Vec::new(),
        shared: None,
        now: now(),
    });
    assert_eq!(posts.get(&key).unwrap().id(), None);
    assert_eq!(posts.learn(post(7, 1), 0).as_ref(), Some(&key));
    let entry = posts.by_id(PostId::new(7)).unwrap();
    assert_eq!(
        (entry.id(), &entry.delivery),
        (Some(PostId::new(7)), &Delivery::Done)
    );
    assert_eq!(posts.list(&ListId::Feed).keys.as_slice(), [key]);
}

#[test]
fn a_draft_that_is_on_its_way_is_on_the_page_until_it_arrives() {
    let mut posts = Posts::default();
    let draft = Draft {
        body: "text".into(),
        ..Draft::default()
    };
    assert!(!posts.shows(&draft));
    posts.begin(NewEntry {
        client_id: client(7),
        author: user(1),
        body: "text".into(),
        audience: Audience::Friends,
        media: Vec::new(),
        shared: None,
        now: now(),
    });
    assert!(posts.shows(&draft) && !posts.shows(&Draft::default()));
    posts.learn(post(7, 1), 0);
    assert!(!posts.shows(&draft));
}

#[test]
fn two_authors_may_use_the_same_client_id() {
    assert_ne!(PostKey::of(&post(7, 1)), PostKey::of(&post(7, 2)));
}

#[test]
fn a_removed_post_leaves_every_list() {
    let mut posts = Posts::default();
    posts.settle(&ListId::Feed, false, Ok(page(&[3, 2, 1])), now(), 0);
    posts.settle(&ListId::Of("user1".into()), false, Ok(page(&[3, 2])), now(), 0);
    posts.remove(&PostKey::of(&post(2, 1)));
    assert_eq!(posts.list(&ListId::Feed).keys.len(), 2);
    assert_eq!(posts.list(&ListId::Of("user1".into())).keys.len(), 1);
    assert!(posts.by_id(PostId::new(2)).is_none());
}

#[test]
fn reading_the_same_again_renders_nothing() {
    let mut posts = Posts::default();
    let key = posts.learn(post(1, 1), 0).unwrap();
    let before = posts.get(&key).unwrap();
    posts.learn(post(1, 1), 0);
    assert!(posts.get(&key).unwrap() == before);
}

#[test]
fn an_answer_that_started_earlier_undoes_no_write() {
    let mut posts = Posts::default();
    let key = posts.learn(post(1, 1), 0).unwrap();
    let since = posts.reading();
    let liked = Reactions {
        reactions: [(ReactionKind::Like, 1)].into_iter().collect(),
        my_reaction: Some(ReactionKind::Like),
    };
    posts.reacted(&key, Some(liked), since);
    posts.commented(&key, comment(5), since);
    let mut edited = post(1, 1);
    edited.body = "new".into();
    edited.audience = Audience::OnlyMe;
    posts.written(edited, since, false);

    posts.learn(post(1, 1), since);
    let entry = posts.get(&key).unwrap();
    assert!(entry.post.my_reaction.is_some());
    assert_eq!((likes(&entry), entry.post.comment_count), (1, 1));
    assert_eq!(
        (entry.post.body.as_str(), entry.post.audience),
        ("new", Audience::OnlyMe)
    );
    posts.learn(post(1, 1), posts.reading());
    let entry = posts.get(&key).unwrap();
    assert_eq!((likes(&entry), entry.post.comment_count), (0, 0));
}

#[test]
fn an_answer_that_started_earlier_does_not_hide_a_new_post() {
    let mut posts = Posts::default();
    let since = posts.reading();
    let key = posts.begin(NewEntry {
        client_id: client(7),
        author: user(1),
        body: "text".into(),
        audience: Audience::Friends,
        media: Vec::new(),
        shared: None,
        now: now(),
    });
    posts.written(post(7, 1), since, true);
    posts.settle(&ListId::Feed, false, Ok(page(&[3])), now(), since);
    assert_eq!(
        posts.list(&ListId::Feed).keys,
        [key.clone(), PostKey::of(&post(3, 1))]
    );
    // A later answer decides, here that it was deleted elsewhere.
    let since = posts.reading();
    posts.settle(&ListId::Feed, false, Ok(page(&[3])), now(), since);
    assert!(!posts.list(&ListId::Feed).keys.contains(&key));
}

#[test]
fn what_was_deleted_stays_deleted() {
    let mut posts = Posts::default();
    let key = posts.learn(post(1, 1), 0).unwrap();
    posts.commented(&key, comment(5), 0);
    assert!(posts.take_comment(&key, CommentId::new(5)).is_some());
    let mut late = post(1, 1);
    late.last_comments.push(comment(5));
    posts.learn(late, 0);
    let entry = posts.get(&key).unwrap();
    assert!(entry.thread.top().items.is_empty() && entry.post.comment_count == 0);
    posts.delete(&key, PostId::new(1));
    posts.settle(&ListId::Feed, false, Ok(page(&[2, 1])), now(), 0);
    assert_eq!(posts.list(&ListId::Feed).keys, [PostKey::of(&post(2, 1))]);
    assert!(posts.by_id(PostId::new(1)).is_none());
}

#[test]
fn what_friends_see_goes_with_the_friendship() {
    let mut posts = Posts::default();
    let mut public = post(3, 1);
    public.audience = Audience::Public;
    let all = Page {
        items: vec![public.clone(), post(2, 1), post(1, 2)],
        next_cursor: None,
        seq: None,
    };
    posts.settle(&ListId::Feed, false, Ok(all), now(), 0);
    posts.estranged(UserId::new(1));
    assert_eq!(
        posts.list(&ListId::Feed).keys,
        [PostKey::of(&public), PostKey::of(&post(1, 2))]
    );
}

#[test]
fn a_comment_that_is_being_written_is_kept_with_its_post() {
    let mut posts = Posts::default();
    let key = posts.learn(post(1, 1), 0).unwrap();
    let answered = Some(CommentId::new(5));
    posts.keep_unsent(&key, None, "half a".into());
    posts.keep_unsent(&key, answered, "reply".into());
    assert_eq!(posts.unsent(&key, None), "half a");
    assert_eq!(posts.unsent(&key, answered), "reply");
    posts.keep_unsent(&key, None, String::new());
    assert!(posts.unsent(&key, None).is_empty() && posts.is_writing(&key));
    posts.remove(&key);
    assert!(posts.unsent(&key, answered).is_empty() && !posts.is_writing(&key));
}

fn state(id: i64, likes: u32, comments: u32) -> PostState {
    PostState {
        post_id: PostId::new(id),
        gone: false,
        reactions: [(ReactionKind::Like, likes)].into_iter().collect(),
        my_reaction: None,
        comment_count: comments,
        edited_at: None,
        audience: Audience::Friends,
        share_count: 0,
    }
}

#[test]
fn what_the_socket_says_is_counted_once() {
    let mut posts = Posts::default();
    let key = posts.learn(post(1, 1), 0).unwrap();
    let since = posts.reading();
    let seen = posts.observe(&state(1, 3, 1)).unwrap();
    assert_eq!(
        seen,
        Observed {
            edited: false,
            counted: true
        }
    );
    posts.overheard(comment(5));
    // The answer to one's own comment comes last.
    posts.commented(&key, comment(5), since);
    let entry = posts.get(&key).unwrap();
    assert_eq!((entry.post.comment_count, entry.thread.top().items.len()), (1, 1));
    posts.unheard(PostId::new(1), CommentId::new(5));
    assert!(posts.get(&key).unwrap().thread.top().items.is_empty());
    assert_eq!(posts.observe(&state(9, 0, 0)), None);
}

#[test]
fn a_post_that_was_put_back_while_somebody_reads_it_is_not_called_gone() {
    let mut posts = Posts::default();
    let key = posts.learn(post(1, 1), 0).unwrap();
    posts.change(&key, |entry| entry.gone = true);
    posts.observe(&state(1, 0, 0));
    assert!(!posts.get(&key).unwrap().gone);
}

#[test]
fn an_older_answer_does_not_undo_what_the_socket_said() {
    let mut posts = Posts::default();
    let key = posts.learn(post(1, 1), 0).unwrap();
    let mine = Some(ReactionKind::Like);
    assert_eq!(
        posts.react(&key, ReactionKind::Like),
        Some((PostId::new(1), mine))
    );
    let since = posts.reading();
    posts.observe(&PostState {
        my_reaction: mine,
        ..state(1, 5, 0)
    });
    let answer = Reactions {
        reactions: [(ReactionKind::Like, 4)].into_iter().collect(),
        my_reaction: mine,
    };
    assert_eq!(posts.reacted(&key, Some(answer), since), None);
    let entry = posts.get(&key).unwrap();
    assert_eq!(likes(&entry), 5);
}

#[test]
fn posts_that_are_announced_wait_behind_the_pill() {
    let mut posts = Posts::default();
    assert!(!posts.announce(PostId::new(5)), "nothing is shown yet");
    posts.settle(&ListId::Feed, false, Ok(page(&[3])), now(), 0);
    assert!(posts.announce(PostId::new(5)) && !posts.announce(PostId::new(5)));
    assert!(!posts.announce(PostId::new(3)));
    assert!(posts.announce(PostId::new(6)));
    assert_eq!(posts.list(&ListId::Feed).new_count(), 2);
    // Looking finds one of them; the other was written since.
    posts.look(&ListId::Feed, page(&[5, 3]), now(), 0, &[PostId::new(5)]);
    let list = posts.list(&ListId::Feed);
    assert_eq!((list.new_count(), list.keys.len()), (2, 1));
    // The word of the one that was found came again, or late.
    assert!(!posts.announce(PostId::new(5)));
    assert_eq!(posts.list(&ListId::Feed).new_count(), 2);
    // One's own is not new.
    posts.written(post(6, 1), 0, true);
    assert_eq!(posts.list(&ListId::Feed).new_count(), 1);
}

#[test]
fn what_was_announced_and_cannot_be_seen_any_more_is_not_counted() {
    let mut posts = Posts::default();
    posts.settle(&ListId::Feed, false, Ok(page(&[3])), now(), 0);
    assert!(posts.announce(PostId::new(5)), "its author is muted next");
    assert!(
        posts.announce(PostId::new(6)),
        "and this is written while it is looked"
    );
    posts.look(&ListId::Feed, page(&[3]), now(), 0, &[PostId::new(5)]);
    assert_eq!(posts.list(&ListId::Feed).announced, [PostId::new(6)]);
}

fn keys(posts: &Posts, list: &ListId) -> Vec<i64> {
    let keys = posts.list(list).keys.clone();
    let entries = keys.iter().filter_map(|key| posts.get(key));
    entries.map(|entry| entry.post.id.get()).collect()
}

#[test]
fn a_deleted_post_comes_back_to_where_it_stood() {
    let mut posts = Posts::default();
    let theirs = ListId::Of("user1".into());
    posts.settle(&ListId::Feed, false, Ok(page(&[4, 3, 2, 1])), now(), 0);
    posts.settle(&theirs, false, Ok(page(&[3])), now(), 0);
    let removed = posts.take_out(&PostKey::of(&post(3, 1))).unwrap();
    assert_eq!(
        (keys(&posts, &ListId::Feed), keys(&posts, &theirs)),
        (vec![4, 2, 1], vec![])
    );
    posts.learn(post(3, 1), 0);
    assert!(posts.by_id(PostId::new(3)).is_none(), "a late answer");
    // Another one has come on top meanwhile.
    let new = posts.learn(post(5, 1), 0).unwrap();
    posts.change_list(&ListId::Feed, |list| list.put_first(&new));
    posts.put_back(removed.clone());
    posts.put_back(removed);
    assert_eq!(
        (keys(&posts, &ListId::Feed), keys(&posts, &theirs)),
        (vec![5, 4, 3, 2, 1], vec![3])
    );
    assert!(posts.learn(post(3, 1), 0).is_some());
}

#[test]
fn a_muted_person_leaves_the_feed_and_nothing_else() {
    let mut posts = Posts::default();
    let all = Page {
        items: vec![post(4, 2), post(3, 1), post(2, 2), post(1, 2)],
        next_cursor: None,
        seq: None,
    };
    let theirs = ListId::Of("user2".into());
    posts.settle(&ListId::Feed, false, Ok(all.clone()), now(), 0);
    posts.settle(&theirs, false, Ok(all), now(), 0);
    let removed = posts.mute_person(UserId::new(2));
    assert_eq!(keys(&posts, &ListId::Feed), [3]);
    assert_eq!(keys(&posts, &theirs).len(), 4);
    posts.put_back(removed);
    assert_eq!(keys(&posts, &ListId::Feed), [4, 3, 2, 1]);
}

#[test]
fn a_muted_post_leaves_the_feed_and_says_that_it_is_muted() {
    let mut posts = Posts::default();
    posts.settle(&ListId::Feed, false, Ok(page(&[2, 1])), now(), 0);
    let since = posts.reading();
    let key = PostKey::of(&post(2, 1));
    let removed = posts.mute_post(&key);
    assert_eq!(keys(&posts, &ListId::Feed), [1]);
    // An answer that started before that does not unmute it.
    posts.learn(post(2, 1), since);
    assert!(posts.get(&key).unwrap().post.my_muted);
    posts.mark_muted(&key, false);
    posts.put_back(removed);
    assert_eq!(keys(&posts, &ListId::Feed), [2, 1]);
}

fn picture(id: i64, url: &str) -> Media {
    Media {
        id: MediaId::new(id),
        kind: MediaKind::Image,
        url: url.into(),
        medium_url: None,
        thumb_url: None,
        width: Some(4),
        height: Some(3),
        duration_ms: None,
        blurhash: None,
        alt_text: String::new(),
        name: String::new(),
        size: 1,
    }
}

#[test]
fn pictures_keep_their_addresses_until_those_have_run_out() {
    let mut posts = Posts::default();
    let with = |url: &str| Post {
        media: vec![picture(7, url)],
        ..post(1, 1)
    };
    let key = posts.learn(with("/a"), 0).unwrap();
    posts.learn(with("/b"), 0);
    assert_eq!(posts.get(&key).unwrap().post.media[0].url, "/a");
    posts.lose_addresses(&key);
    posts.learn(with("/b"), 0);
    assert_eq!(posts.media_of(PostId::new(1)).unwrap()[0].url, "/b");
    posts.learn(with("/c"), 0);
    assert_eq!(posts.get(&key).unwrap().post.media[0].url, "/b");
}

#[test]
fn what_is_kept_is_in_its_list_at_once() {
    let mut posts = Posts::default();
    let key = posts.learn(post(1, 2), 0).unwrap();
    posts.mark_saved(&key, true);
    assert!(
        posts.list(&ListId::Saved).keys.is_empty(),
        "a list that is not known is read"
    );
    posts.settle(&ListId::Saved, false, Ok(page(&[3])), now(), 0);
    posts.mark_saved(&key, true);
    assert_eq!(posts.list(&ListId::Saved).keys.first(), Some(&key));
    posts.mark_saved(&key, false);
    assert!(!posts.list(&ListId::Saved).keys.contains(&key));
    assert!(posts.get(&key).is_some());
}

#[test]
fn a_new_post_is_on_the_page_of_its_hashtag() {
    let mut posts = Posts::default();
    let [garden, tea] = ["garden", "tea"].map(|tag| ListId::Tag(tag.into()));
    for list in [&garden, &tea] {
        posts.settle(list, false, Ok(page(&[])), now(), 0);
    }
    let key = posts.begin(NewEntry {
        client_id: client(7),
        author: user(1),
        body: "Plums! #Garden.".into(),
        audience: Audience::Friends,
        media: Vec::new(),
        shared: None,
        now: now(),
    });
    assert_eq!(posts.list(&garden).keys.as_slice(), [key]);
    assert!(posts.list(&tea).keys.is_empty());
}
