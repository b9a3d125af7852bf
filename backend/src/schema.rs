// @generated automatically by Diesel CLI.

diesel::table! {
    account_tokens (user_id, purpose) {
        user_id -> BigInt,
        purpose -> Text,
        hash -> Binary,
        email -> Text,
        job_id -> Nullable<BigInt>,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    audiences (id) {
        id -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    audit_events (id) {
        id -> BigInt,
        created_at -> BigInt,
        action -> Text,
        actor_id -> Nullable<BigInt>,
        subject_id -> Nullable<BigInt>,
        network -> Nullable<Text>,
        details -> Nullable<Text>,
    }
}

diesel::table! {
    blocks (user_id, other_id) {
        user_id -> BigInt,
        other_id -> BigInt,
        kind -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    comment_edits (id) {
        id -> BigInt,
        comment_id -> BigInt,
        body -> Text,
        replaced_at -> BigInt,
    }
}

diesel::table! {
    comment_reactions (comment_id, user_id) {
        comment_id -> BigInt,
        user_id -> BigInt,
        kind -> Text,
        created_at -> BigInt,
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
        parent_id -> Nullable<BigInt>,
        reply_count -> BigInt,
        like_count -> BigInt,
        love_count -> BigInt,
        laugh_count -> BigInt,
        wow_count -> BigInt,
        sad_count -> BigInt,
        angry_count -> BigInt,
        deleted_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    conversation_events (conversation_id, seq) {
        conversation_id -> BigInt,
        seq -> BigInt,
        kind -> Text,
        subject_id -> BigInt,
        created_at -> BigInt,
        actor_id -> Nullable<BigInt>,
        after_number -> Nullable<BigInt>,
        rank -> Nullable<BigInt>,
    }
}

diesel::table! {
    conversation_members (conversation_id, user_id) {
        conversation_id -> BigInt,
        user_id -> BigInt,
        read_number -> BigInt,
        read_at -> Nullable<BigInt>,
        joined_at -> BigInt,
        rank -> BigInt,
        since_number -> BigInt,
        since_seq -> BigInt,
        listed_from -> BigInt,
        muted -> BigInt,
        archived_number -> Nullable<BigInt>,
        settings_version -> BigInt,
        pinned -> BigInt,
    }
}

diesel::table! {
    conversations (id) {
        id -> BigInt,
        kind -> Text,
        low_id -> Nullable<BigInt>,
        high_id -> Nullable<BigInt>,
        last_seq -> BigInt,
        last_number -> BigInt,
        last_message_id -> Nullable<BigInt>,
        membership_version -> BigInt,
        created_at -> BigInt,
        last_event_at -> BigInt,
        requested_by -> Nullable<BigInt>,
        accepted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    credentials (user_id) {
        user_id -> BigInt,
        email_verified_at -> Nullable<BigInt>,
        pending_email -> Nullable<Text>,
        totp_salt -> Nullable<Binary>,
        totp_enabled_at -> Nullable<BigInt>,
        totp_step -> BigInt,
    }
}

diesel::table! {
    digests (user_id) {
        user_id -> BigInt,
        number -> BigInt,
        told_seq -> BigInt,
        sent_at -> BigInt,
        job_id -> Nullable<BigInt>,
        going_seq -> BigInt,
        tries -> BigInt,
        with_words -> BigInt,
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
    group_invitations (conversation_id, user_id) {
        conversation_id -> BigInt,
        user_id -> BigInt,
        by_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    group_requests (creator_id, client_id) {
        creator_id -> BigInt,
        client_id -> Text,
        request_hash -> Binary,
        conversation_id -> BigInt,
    }
}

diesel::table! {
    group_words (word, conversation_id) {
        word -> Text,
        conversation_id -> BigInt,
    }
}

diesel::table! {
    groups (conversation_id) {
        conversation_id -> BigInt,
        title -> Text,
        description -> Text,
        visibility -> Text,
        history -> Text,
        member_count -> BigInt,
        picture_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    hidden_suggestions (user_id, other_id) {
        user_id -> BigInt,
        other_id -> BigInt,
    }
}

diesel::table! {
    invitations (id) {
        id -> BigInt,
        inviter_id -> BigInt,
        hash -> Binary,
        note -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_by -> Nullable<BigInt>,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        kind -> Text,
        payload -> Text,
        once_key -> Nullable<Text>,
        every_ms -> Nullable<BigInt>,
        due_at -> BigInt,
        attempts -> BigInt,
        leased_by -> Nullable<Text>,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
        dead_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    media (id) {
        id -> BigInt,
        owner_id -> BigInt,
        purpose -> Text,
        storage_key -> Text,
        format -> Text,
        width -> BigInt,
        height -> BigInt,
        size -> BigInt,
        stored_size -> BigInt,
        blurhash -> Text,
        alt_text -> Text,
        name -> Text,
        attached_at -> Nullable<BigInt>,
        created_at -> BigInt,
        kind -> Text,
        duration_ms -> Nullable<BigInt>,
        poster_id -> Nullable<BigInt>,
        detached_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    mentions (place, place_id, name) {
        place -> Text,
        place_id -> BigInt,
        name -> Text,
        user_id -> BigInt,
    }
}

diesel::table! {
    messages (id) {
        id -> BigInt,
        conversation_id -> BigInt,
        number -> BigInt,
        seq -> BigInt,
        sender_id -> BigInt,
        client_id -> Text,
        request_hash -> Binary,
        body -> Text,
        created_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        reply_to_id -> Nullable<BigInt>,
        pinned_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    message_mentions (message_id, name) {
        message_id -> BigInt,
        name -> Text,
        user_id -> BigInt,
        conversation_id -> BigInt,
        number -> BigInt,
    }
}

diesel::table! {
    message_reactions (message_id, emoji, user_id) {
        message_id -> BigInt,
        emoji -> Text,
        user_id -> BigInt,
        created_at -> BigInt,
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
    muted_people (user_id, other_id) {
        user_id -> BigInt,
        other_id -> BigInt,
        since -> BigInt,
    }
}

diesel::table! {
    muted_posts (user_id, post_id) {
        user_id -> BigInt,
        post_id -> BigInt,
        since -> BigInt,
    }
}

diesel::table! {
    name_remainders (remainder, token) {
        remainder -> Text,
        token -> Text,
    }
}

diesel::table! {
    nodes (number) {
        number -> BigInt,
        key -> Text,
        leased_until -> BigInt,
        ids_until -> BigInt,
    }
}

diesel::table! {
    notification_actors (notification_id, actor_id) {
        notification_id -> BigInt,
        actor_id -> BigInt,
        acted_seq -> BigInt,
    }
}

diesel::table! {
    notification_marks (user_id) {
        user_id -> BigInt,
        seen_seq -> BigInt,
    }
}

diesel::table! {
    notification_preferences (user_id, topic, channel) {
        user_id -> BigInt,
        topic -> Text,
        channel -> Text,
        wanted -> BigInt,
    }
}

diesel::table! {
    notification_quiet_hours (user_id) {
        user_id -> BigInt,
        from_minute -> BigInt,
        to_minute -> BigInt,
        time_zone -> Text,
    }
}

diesel::table! {
    notifications (id) {
        id -> BigInt,
        user_id -> BigInt,
        seq -> BigInt,
        kind -> Text,
        subject_id -> BigInt,
        detail_id -> Nullable<BigInt>,
        actor_count -> BigInt,
        read_seq -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        post_id -> Nullable<BigInt>,
        conversation_id -> Nullable<BigInt>,
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
    message_media (message_id, position) {
        message_id -> BigInt,
        position -> BigInt,
        media_id -> BigInt,
    }
}

diesel::table! {
    post_media (post_id, position) {
        post_id -> BigInt,
        position -> BigInt,
        media_id -> BigInt,
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
    post_tags (tag, post_id) {
        tag -> Text,
        post_id -> BigInt,
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
        shared_post_id -> Nullable<BigInt>,
        share_count -> BigInt,
    }
}

diesel::table! {
    privacy_settings (user_id) {
        user_id -> BigInt,
        friend_requests -> Text,
        friend_list -> Text,
        findable -> Text,
        find_by_email -> BigInt,
        show_online -> BigInt,
        messages -> Text,
    }
}

diesel::table! {
    profile_fields (user_id, name) {
        user_id -> BigInt,
        name -> Text,
        value -> Text,
        audience -> Text,
    }
}

diesel::table! {
    recovery_codes (user_id, hash) {
        user_id -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    reports (id) {
        id -> BigInt,
        reporter_id -> BigInt,
        subject_kind -> Text,
        subject_id -> BigInt,
        reason -> Text,
        note -> Text,
        created_at -> BigInt,
        closed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    retired_usernames (name_hash) {
        name_hash -> Text,
        retired_until -> BigInt,
    }
}

diesel::table! {
    saved_posts (user_id, post_id) {
        user_id -> BigInt,
        post_id -> BigInt,
        saved_at -> BigInt,
    }
}

diesel::table! {
    search_progress (id) {
        id -> BigInt,
        below -> BigInt,
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
    upload_pieces (upload_id, position) {
        upload_id -> BigInt,
        position -> BigInt,
        name -> Text,
        size -> BigInt,
    }
}

diesel::table! {
    uploads (id) {
        id -> BigInt,
        owner_id -> BigInt,
        client_id -> Text,
        request_hash -> Binary,
        storage_key -> Text,
        name -> Text,
        size -> BigInt,
        received -> BigInt,
        pieces -> BigInt,
        media_id -> Nullable<BigInt>,
        created_at -> BigInt,
        touched_at -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    user_events (user_id, seq) {
        user_id -> BigInt,
        seq -> BigInt,
        kind -> Text,
        subject_id -> BigInt,
        detail_id -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    user_names (token, user_id) {
        token -> Text,
        user_id -> BigInt,
    }
}

diesel::table! {
    user_streams (user_id) {
        user_id -> BigInt,
        last_seq -> BigInt,
        last_event_at -> BigInt,
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
        role -> Text,
        suspended_at -> Nullable<BigInt>,
        deletion_at -> Nullable<BigInt>,
        deletion_messages -> Nullable<Text>,
        deleted_at -> Nullable<BigInt>,
        bio -> Text,
        birth_year_shown -> BigInt,
        avatar_id -> Nullable<BigInt>,
        avatar_name -> Nullable<Text>,
        cover_id -> Nullable<BigInt>,
    }
}

diesel::joinable!(account_tokens -> users (user_id));
diesel::joinable!(comment_edits -> comments (comment_id));
diesel::joinable!(comment_reactions -> comments (comment_id));
diesel::joinable!(comment_reactions -> users (user_id));
diesel::joinable!(comments -> posts (post_id));
diesel::joinable!(comments -> users (author_id));
diesel::joinable!(conversation_events -> conversations (conversation_id));
diesel::joinable!(conversation_members -> conversations (conversation_id));
diesel::joinable!(conversation_members -> users (user_id));
diesel::joinable!(credentials -> users (user_id));
diesel::joinable!(digests -> users (user_id));
diesel::joinable!(mentions -> users (user_id));
diesel::joinable!(message_media -> media (media_id));
diesel::joinable!(message_media -> messages (message_id));
diesel::joinable!(message_mentions -> messages (message_id));
diesel::joinable!(message_mentions -> users (user_id));
diesel::joinable!(message_reactions -> messages (message_id));
diesel::joinable!(group_invitations -> groups (conversation_id));
diesel::joinable!(group_words -> groups (conversation_id));
diesel::joinable!(groups -> conversations (conversation_id));
diesel::joinable!(messages -> conversations (conversation_id));
diesel::joinable!(messages -> users (sender_id));
diesel::joinable!(muted_posts -> posts (post_id));
diesel::joinable!(muted_posts -> users (user_id));
diesel::joinable!(notification_actors -> notifications (notification_id));
diesel::joinable!(notification_actors -> users (actor_id));
diesel::joinable!(notification_marks -> users (user_id));
diesel::joinable!(notification_preferences -> users (user_id));
diesel::joinable!(notification_quiet_hours -> users (user_id));
diesel::joinable!(notifications -> users (user_id));
diesel::joinable!(post_edits -> audiences (audience_id));
diesel::joinable!(post_edits -> posts (post_id));
diesel::joinable!(post_media -> media (media_id));
diesel::joinable!(post_media -> posts (post_id));
diesel::joinable!(post_reactions -> posts (post_id));
diesel::joinable!(post_reactions -> users (user_id));
diesel::joinable!(post_tags -> posts (post_id));
diesel::joinable!(posts -> audiences (audience_id));
diesel::joinable!(posts -> users (author_id));
diesel::joinable!(privacy_settings -> users (user_id));
diesel::joinable!(profile_fields -> users (user_id));
diesel::joinable!(recovery_codes -> users (user_id));
diesel::joinable!(reports -> users (reporter_id));
diesel::joinable!(saved_posts -> posts (post_id));
diesel::joinable!(saved_posts -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(upload_pieces -> uploads (upload_id));
diesel::joinable!(uploads -> users (owner_id));
diesel::joinable!(user_events -> users (user_id));
diesel::joinable!(user_names -> users (user_id));
diesel::joinable!(user_streams -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    account_tokens,
    audiences,
    audit_events,
    blocks,
    comment_edits,
    comment_reactions,
    comments,
    conversation_events,
    conversation_members,
    conversations,
    credentials,
    digests,
    friend_requests,
    friendships,
    group_invitations,
    group_requests,
    group_words,
    groups,
    hidden_suggestions,
    invitations,
    jobs,
    media,
    mentions,
    message_media,
    message_mentions,
    message_reactions,
    messages,
    meta,
    muted_people,
    muted_posts,
    name_remainders,
    nodes,
    notification_actors,
    notification_marks,
    notification_preferences,
    notification_quiet_hours,
    notifications,
    post_edits,
    post_media,
    post_reactions,
    post_tags,
    posts,
    privacy_settings,
    profile_fields,
    recovery_codes,
    reports,
    retired_usernames,
    saved_posts,
    search_progress,
    sessions,
    upload_pieces,
    uploads,
    user_events,
    user_names,
    user_streams,
    users,
);
