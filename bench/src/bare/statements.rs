//! The rows that an operation must write, as plain SQL for both databases, with `:name` for what changes: what is left
//! of Hearth's work when nothing is checked, looked up or answered.

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// One row into a table, the least that a commit can hold.
    Row,
    /// A reaction, and in the next turn its end.
    Like,
    /// A comment.
    Comment,
    /// A post.
    Post,
    /// A message.
    Message,
}

/// The position in the author's stream, and the event there.
const STREAM: [&str; 2] = [
    "UPDATE user_streams SET last_seq = last_seq + 1, last_event_at = :now WHERE user_id = :author",
    "INSERT INTO user_events (user_id, seq, kind, subject_id, detail_id, created_at) \
     SELECT user_id, last_seq, 'notification', :id, NULL, :now FROM user_streams WHERE user_id = :author",
];

impl Work {
    /// The statements, one list for each of the turns that alternate.
    pub(crate) fn turns(self) -> Vec<Vec<&'static str>> {
        let told = |kind: &'static str, actor: &'static str| [STREAM[0], kind, actor, STREAM[1]];
        match self {
            Self::Row => vec![vec![
                "INSERT INTO post_edits (id, post_id, body, audience_id, replaced_at) \
                 VALUES (:id, :post, 'the least that a commit can hold', 2, :now)",
            ]],
            Self::Like => {
                let mut like = vec![
                    "INSERT INTO post_reactions (post_id, user_id, kind, created_at) VALUES (:post, :actor, 'like', :now) \
                     ON CONFLICT (post_id, user_id) DO NOTHING",
                    "UPDATE posts SET like_count = like_count + 1 WHERE id = :post",
                ];
                like.extend(told(
                    "INSERT INTO notifications (id, user_id, seq, kind, subject_id, detail_id, actor_count, read_seq, \
                     created_at, updated_at) SELECT :id, user_id, last_seq, 'reaction', :post, NULL, 1, 0, :now, :now \
                     FROM user_streams WHERE user_id = :author \
                     ON CONFLICT (user_id, kind, subject_id) DO UPDATE SET seq = excluded.seq, \
                     actor_count = notifications.actor_count + 1",
                    "INSERT INTO notification_actors (notification_id, actor_id, acted_seq) \
                     SELECT id, :actor, seq FROM notifications \
                     WHERE user_id = :author AND kind = 'reaction' AND subject_id = :post \
                     ON CONFLICT (notification_id, actor_id) DO NOTHING",
                ));
                let mut unlike = vec![
                    "DELETE FROM post_reactions WHERE post_id = :post AND user_id = :actor",
                    "UPDATE posts SET like_count = like_count - 1 WHERE id = :post",
                ];
                unlike.extend(told(
                    "DELETE FROM notification_actors WHERE actor_id = :actor AND notification_id = (SELECT id \
                     FROM notifications WHERE user_id = :author AND kind = 'reaction' AND subject_id = :post)",
                    "DELETE FROM notifications WHERE user_id = :author AND kind = 'reaction' AND subject_id = :post",
                ));
                vec![like, unlike]
            }
            Self::Comment => {
                let mut comment = vec![
                    "INSERT INTO comments (id, post_id, author_id, client_id, request_hash, body, created_at) \
                     VALUES (:id, :post, :actor, :client, 'hash', 'Measured, and found to be good.', :now)",
                    "UPDATE posts SET comment_count = comment_count + 1 WHERE id = :post",
                ];
                comment.extend(told(
                    "INSERT INTO notifications (id, user_id, seq, kind, subject_id, detail_id, actor_count, read_seq, \
                     created_at, updated_at) SELECT :id, user_id, last_seq, 'comment', :post, :id, 1, 0, :now, :now \
                     FROM user_streams WHERE user_id = :author \
                     ON CONFLICT (user_id, kind, subject_id) DO UPDATE SET seq = excluded.seq, \
                     detail_id = excluded.detail_id",
                    "INSERT INTO notification_actors (notification_id, actor_id, acted_seq) \
                     SELECT id, :actor, seq FROM notifications \
                     WHERE user_id = :author AND kind = 'comment' AND subject_id = :post \
                     ON CONFLICT (notification_id, actor_id) DO UPDATE SET acted_seq = excluded.acted_seq",
                ));
                vec![comment]
            }
            Self::Post => vec![vec![
                "INSERT INTO posts (id, author_id, client_id, request_hash, body, audience_id, like_count, love_count, \
                 laugh_count, wow_count, sad_count, angry_count, comment_count, created_at) VALUES (:id, :actor, \
                 :client, 'hash', 'Measured, and found to be good.', 2, 0, 0, 0, 0, 0, 0, 0, :now)",
                "UPDATE users SET post_count = post_count + 1 WHERE id = :actor",
            ]],
            Self::Message => vec![vec![
                "UPDATE conversations SET last_seq = last_seq + 1, last_number = last_number + 1, \
                 last_message_id = :id, last_event_at = :now WHERE id = :conversation",
                "INSERT INTO messages (id, conversation_id, number, seq, sender_id, client_id, request_hash, body, \
                 created_at) SELECT :id, id, last_number, last_seq, :actor, :client, 'hash', \
                 'Measured, and found to be good.', :now FROM conversations WHERE id = :conversation",
                "INSERT INTO conversation_events (conversation_id, seq, kind, subject_id, created_at) \
                 SELECT id, last_seq, 'message_created', :id, :now FROM conversations WHERE id = :conversation",
                "UPDATE conversation_members SET read_at = :now, read_number = (SELECT last_number \
                 FROM conversations WHERE id = :conversation) WHERE conversation_id = :conversation AND user_id = :actor",
            ]],
        }
    }
}
