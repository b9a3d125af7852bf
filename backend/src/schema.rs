// @generated automatically by Diesel CLI.

diesel::table! {
    audiences (id) {
        id -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    comments (id) {
        id -> BigInt,
        post_id -> BigInt,
        author_id -> BigInt,
        client_id -> Text,
        request_hash -> Binary,
        body -> Text,
        created_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    friend_requests (id) {
        id -> BigInt,
        low_id -> BigInt,
        high_id -> BigInt,
        from_id -> BigInt,
        to_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    friendships (user_id, friend_id) {
        user_id -> BigInt,
        friend_id -> BigInt,
        since -> BigInt,
    }
}

diesel::table! {
    meta (id) {
        id -> BigInt,
        epoch -> Text,
        secret_fingerprint -> Text,
    }
}

diesel::table! {
    post_edits (id) {
        id -> BigInt,
        post_id -> BigInt,
        body -> Text,
        audience_id -> BigInt,
        replaced_at -> BigInt,
    }
}

diesel::table! {
    post_reactions (post_id, user_id) {
        post_id -> BigInt,
        user_id -> BigInt,
        kind -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    posts (id) {
        id -> BigInt,
        author_id -> BigInt,
        client_id -> Text,
        request_hash -> Binary,
        body -> Text,
        audience_id -> BigInt,
        like_count -> BigInt,
        love_count -> BigInt,
        laugh_count -> BigInt,
        wow_count -> BigInt,
        sad_count -> BigInt,
        angry_count -> BigInt,
        comment_count -> BigInt,
        created_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        user_id -> BigInt,
        refresh_hash -> Binary,
        previous_hash -> Nullable<Binary>,
        generation -> BigInt,
        user_agent -> Text,
        created_at -> BigInt,
        rotated_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    user_names (token, user_id) {
        token -> Text,
        user_id -> BigInt,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt,
        username -> Text,
        email -> Text,
        email_key -> Text,
        display_name -> Text,
        name_key -> Text,
        password_hash -> Text,
        rev -> BigInt,
        friend_count -> BigInt,
        post_count -> BigInt,
        created_at -> BigInt,
    }
}

diesel::joinable!(comments -> posts (post_id));
diesel::joinable!(comments -> users (author_id));
diesel::joinable!(post_edits -> audiences (audience_id));
diesel::joinable!(post_edits -> posts (post_id));
diesel::joinable!(post_reactions -> posts (post_id));
diesel::joinable!(post_reactions -> users (user_id));
diesel::joinable!(posts -> audiences (audience_id));
diesel::joinable!(posts -> users (author_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(user_names -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    audiences,
    comments,
    friend_requests,
    friendships,
    meta,
    post_edits,
    post_reactions,
    posts,
    sessions,
    user_names,
    users,
);
