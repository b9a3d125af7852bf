//! Comments and replies after pages, frames, writes and late answers.

use hearth_shared::page::Cursor;

use super::super::tests::{client, user};
use super::*;

pub(crate) fn comment(id: i64) -> Comment {
    Comment {
        id: CommentId::new(id),
        client_id: client(u8::try_from(id).unwrap()),
        post_id: PostId::new(1),
        author: user(1),
        body: "text".into(),
        created_at: Timestamp::from_millis(id),
        edited_at: None,
        parent_id: None,
        mentions: Vec::new(),
        reactions: ReactionCounts::new(),
        my_reaction: None,
        reply_count: 0,
    }
}

fn reply(id: i64, to: i64) -> Comment {
    Comment {
        parent_id: Some(CommentId::new(to)),
        ..comment(id)
    }
}

fn new(byte: u8, parent: Option<i64>) -> NewComment {
    NewComment {
        client_id: client(byte),
        body: "text".into(),
        parent_id: parent.map(CommentId::new),
    }
}

fn begin(thread: &mut Thread, new: &NewComment) {
    thread.begin(PostId::new(1), new, user(1), Timestamp::from_millis(0));
}

fn ids(strand: &Strand) -> Vec<i64> {
    strand.items.iter().map(|item| item.comment.id.get()).collect()
}

fn page(comments: &[Comment], more: bool) -> Page<Comment> {
    Page {
        items: comments.to_vec(),
        next_cursor: more.then(|| Cursor("x".into())),
        seq: None,
    }
}

fn at(thread: &mut Thread, id: i64) -> &mut CommentEntry {
    thread.find(CommentId::new(id)).unwrap()
}

#[test]
fn earlier_pages_join_what_is_shown() {
    let mut thread = Thread::new(&[comment(8), comment(9)]);
    assert_eq!(thread.earlier(9), 7);
    assert!(thread.load(None) && !thread.load(None));
    thread.settle(None, Ok(page(&[9, 8, 7, 6].map(comment), true)), 0);
    assert_eq!((ids(thread.top()), thread.earlier(9)), (vec![6, 7, 8, 9], 5));
    // Nothing comes before the first, whatever the count says.
    thread.settle(None, Ok(page(&[comment(5)], false)), 0);
    assert_eq!(thread.earlier(9), 0);
}

#[test]
fn ones_own_stays_last_until_it_is_confirmed_and_counts_once() {
    let mut thread = Thread::new(&[comment(1)]);
    begin(&mut thread, &new(5, None));
    let key = thread.top().items[1].key();
    thread.learn(&[comment(3)], 0);
    assert_eq!(ids(thread.top()), [1, 3, 0]);
    assert_eq!(thread.earlier(2), 0);
    assert!(thread.confirm(comment(5), 0));
    assert!(!thread.confirm(comment(5), 0));
    assert_eq!(
        (ids(thread.top()), thread.top().items[2].key()),
        (vec![1, 3, 5], key)
    );
}

#[test]
fn a_late_answer_does_not_undo_an_edit() {
    let mut edited = comment(1);
    edited.body = "new".into();
    edited.edited_at = Some(Timestamp::from_millis(9));
    let mut thread = Thread::new(&[edited]);
    thread.learn(&[comment(1)], 0);
    assert_eq!(thread.top().items[0].comment.body, "new");
}

#[test]
fn a_comment_that_did_not_arrive_can_be_given_up() {
    let mut thread = Thread::default();
    begin(&mut thread, &new(5, None));
    thread.deliver(
        None,
        user(1).id,
        &client(5),
        Delivery::Failed(Failure::Unreachable),
    );
    assert_eq!(
        thread.top().items[0].delivery,
        Delivery::Failed(Failure::Unreachable)
    );
    thread.discard(None, &client(5));
    assert!(thread.top().items.is_empty());
}

#[test]
fn replies_stand_under_what_they_answer() {
    let mut parent = comment(1);
    parent.reply_count = 3;
    let mut thread = Thread::new(&[parent, comment(2)]);
    assert_eq!(thread.earlier(5), 0, "the replies are among the five");
    // One comes over the socket, before the others were read.
    thread.hear(reply(9, 1), 1);
    assert_eq!(ids(thread.top()), [1, 2]);
    let one = CommentId::new(1);
    assert_eq!(thread.replies(one).map(ids), Some(vec![9]));
    assert_eq!(thread.replies(one).unwrap().earlier(4), 3);
    thread.settle(
        Some(one),
        Ok(page(&[reply(9, 1), reply(7, 1), reply(5, 1)], true)),
        1,
    );
    assert_eq!(thread.replies(one).map(ids), Some(vec![5, 7, 9]));
    assert_eq!(thread.replies(CommentId::new(2)), None);
}

#[test]
fn a_reply_of_ones_own_opens_the_replies_and_counts_once() {
    let mut thread = Thread::new(&[comment(1)]);
    let one = CommentId::new(1);
    begin(&mut thread, &new(5, Some(1)));
    assert!(thread.is_open(one));
    assert_eq!(thread.replies(one).map(ids), Some(vec![0]));
    assert!(thread.confirm(reply(5, 1), 0));
    assert_eq!(at(&mut thread, 1).comment.reply_count, 1);
    // The next is told by the socket, with its parent, before the answer comes.
    begin(&mut thread, &new(6, Some(1)));
    thread.hear(reply(6, 1), 1);
    let mut parent = comment(1);
    parent.reply_count = 2;
    thread.hear(parent, 2);
    assert!(!thread.confirm(reply(6, 1), 0));
    assert_eq!(at(&mut thread, 1).comment.reply_count, 2);
    thread.set_open(one, false);
    assert!(!thread.is_open(one));
}

#[test]
fn what_the_socket_says_leaves_ones_own_reaction_alone() {
    let mut mine = comment(1);
    mine.my_reaction = Some(ReactionKind::Wow);
    mine.reactions = [(ReactionKind::Wow, 1)].into_iter().collect();
    let mut thread = Thread::new(&[mine.clone()]);
    let mut frame = comment(1);
    frame.reactions = [(ReactionKind::Wow, 2)].into_iter().collect();
    thread.hear(frame.clone(), 4);
    let entry = at(&mut thread, 1);
    assert_eq!(entry.mine(), Some(ReactionKind::Wow));
    assert_eq!(entry.reactions(), frame.reactions);
    // A page that was asked for before that knows less.
    thread.learn(&[mine.clone()], 3);
    assert_eq!(at(&mut thread, 1).reactions(), frame.reactions);
    thread.learn(&[mine.clone()], 4);
    assert_eq!(at(&mut thread, 1).reactions(), mine.reactions);
}

#[test]
fn reactions_follow_the_finger_and_settle_on_the_answer() {
    let mut thread = Thread::new(&[comment(1)]);
    let one = CommentId::new(1);
    let like = ReactionKind::Like;
    assert_eq!(thread.react(one, like), Some(Some(like)));
    assert_eq!(at(&mut thread, 1).mine(), Some(like));
    assert_eq!(thread.react(one, like), None);
    let answer = Reactions {
        reactions: [(like, 1)].into_iter().collect(),
        my_reaction: Some(like),
    };
    assert_eq!(
        thread.reacted(one, Some(answer), 0, 1),
        Some(None),
        "taken back meanwhile"
    );
    assert_eq!(thread.reacted(one, None, 1, 2), None);
    assert_eq!(
        at(&mut thread, 1).mine(),
        Some(like),
        "the second call failed: as the server has it"
    );
}

#[test]
fn what_is_taken_out_comes_back_with_its_replies() {
    let mut thread = Thread::new(&[comment(1), comment(2)]);
    thread.learn(&[reply(3, 1), reply(4, 1)], 0);
    at(&mut thread, 1).comment.reply_count = 2;
    let taken = thread.take_out(CommentId::new(1)).unwrap();
    assert_eq!((taken.number(), ids(thread.top())), (3, vec![2]));
    thread.learn(&[comment(1)], 0);
    assert_eq!(ids(thread.top()), [2], "a late answer");
    assert!(thread.put_back(taken.clone()) && !thread.put_back(taken));
    assert_eq!(ids(thread.top()), [1, 2]);
    assert_eq!(thread.replies(CommentId::new(1)).map(ids), Some(vec![3, 4]));
    // A reply is counted by what it answers.
    let taken = thread.take_out(CommentId::new(4)).unwrap();
    assert_eq!(at(&mut thread, 1).comment.reply_count, 1);
    thread.put_back(taken);
    assert_eq!(at(&mut thread, 1).comment.reply_count, 2);
}

#[test]
fn a_comment_that_was_restored_elsewhere_is_there_again() {
    let mut thread = Thread::new(&[comment(1)]);
    thread.forget(CommentId::new(1));
    assert!(thread.top().items.is_empty());
    thread.hear(comment(1), 1);
    assert_eq!(ids(thread.top()), [1]);
}

#[test]
fn nothing_of_a_blocked_person_is_left() {
    let mut other = reply(3, 1);
    other.author = user(2);
    let mut thread = Thread::new(&[comment(1)]);
    thread.learn(&[other], 0);
    assert!(thread.forget_author(user(2).id) && !thread.forget_author(user(2).id));
    assert_eq!(thread.replies(CommentId::new(1)).map(ids), Some(Vec::new()));
}

#[test]
fn what_was_said_while_nobody_listened_comes_with_the_newest_page() {
    let mut thread = Thread::default();
    assert!(!thread.was_read());
    thread.settle(None, Ok(page(&[comment(1)], false)), 0);
    thread.settle(Some(CommentId::new(1)), Ok(page(&[], false)), 0);
    assert!(thread.was_read());
    thread.catch_up(Some(CommentId::new(1)), page(&[reply(2, 1)], false), 0);
    assert_eq!(thread.replies(CommentId::new(1)).map(ids), Some(vec![2]));
    // A page that touches what is known leaves no gap; one that does not leaves one.
    thread.catch_up(None, page(&[3, 1].map(comment), true), 0);
    assert_eq!((ids(thread.top()), thread.earlier(9)), (vec![1, 3], 0));
    thread.catch_up(None, page(&[9, 8].map(comment), true), 0);
    assert_eq!((ids(thread.top()), thread.earlier(10)), (vec![1, 3, 8, 9], 5));
}

#[test]
fn what_has_arrived_cannot_fail_any_more() {
    let mut thread = Thread::default();
    begin(&mut thread, &new(5, None));
    assert!(thread.has_undelivered());
    // The answer is lost, and the comment comes by the socket.
    thread.hear(comment(5), 1);
    assert!(!thread.has_undelivered());
    let failed = Delivery::Failed(Failure::Unreachable);
    assert!(!thread.deliver(None, user(1).id, &client(5), failed));
    assert_eq!(thread.top().items[0].delivery, Delivery::Done);
}
