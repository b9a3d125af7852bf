//! What must not change when a call is refused.

use diesel::prelude::*;

use crate::support::TestApp;

/// What is counted of a refused call: it must change none of these.
const COUNTED: &[&str] = &[
    "users",
    "users WHERE avatar_id IS NOT NULL OR cover_id IS NOT NULL",
    "sessions WHERE ended_at IS NULL",
    "media",
    "media WHERE alt_text <> ''",
    "post_media",
    "uploads",
    "upload_pieces",
    "friend_requests",
    "friendships",
    "blocks",
    "posts WHERE deleted_at IS NULL",
    "posts WHERE edited_at IS NOT NULL",
    "posts WHERE share_count > 0",
    "post_edits",
    "post_reactions",
    "post_tags",
    "comments WHERE deleted_at IS NULL",
    "comments WHERE edited_at IS NOT NULL",
    "comment_edits",
    "comment_reactions",
    "reports",
    "saved_posts",
    "muted_posts",
    "muted_people",
    "conversations",
    "conversation_events",
    "conversation_members",
    "conversation_members WHERE rank < 2",
    "conversation_members WHERE read_number > 0",
    "conversation_members WHERE muted > 0",
    "conversations WHERE requested_by IS NOT NULL",
    "conversations WHERE accepted_at IS NOT NULL",
    "groups",
    "group_invitations",
    "messages WHERE deleted_at IS NULL",
    "messages WHERE edited_at IS NOT NULL",
    "message_media",
    "message_mentions",
    "messages WHERE pinned_at IS NOT NULL",
    "message_reactions",
    "notifications",
    "notifications WHERE read_seq >= seq",
    "notification_preferences",
    "notification_quiet_hours",
    "user_events",
];

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    number: i64,
}

/// The numbers of [`COUNTED`]: in one statement, because it is asked a thousand times.
pub(crate) async fn state(app: &TestApp) -> Vec<i64> {
    let counts = COUNTED
        .iter()
        .map(|rows| format!("SELECT COUNT(*) AS number FROM {rows}"));
    let sql = counts.collect::<Vec<_>>().join(" UNION ALL ");
    let counts = app
        .db()
        .read(move |conn| Ok(diesel::sql_query(&sql).load::<Count>(conn)?));
    counts
        .await
        .unwrap()
        .into_iter()
        .map(|count| count.number)
        .collect()
}

/// Until nothing is left of groups that have ended: it goes after the answer, and must not be taken for what the next
/// call does.
pub(crate) async fn settle(app: &TestApp) {
    let sql = "SELECT COUNT(*) AS number FROM conversations
        WHERE kind = 'group' AND id NOT IN (SELECT conversation_id FROM groups)";
    for _ in 0..200 {
        if count(app, sql.to_owned()).await == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("what is left of a group stays");
}

/// What a statement counts as `number`.
pub(crate) async fn count(app: &TestApp, sql: String) -> i64 {
    let counted = app
        .db()
        .read(move |conn| Ok(diesel::sql_query(&sql).get_result::<Count>(conn)?));
    counted.await.unwrap().number
}
