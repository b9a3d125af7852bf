-- What belongs to signing in besides name and password; whoever has no row has nothing of it. The secret of the
-- second factor is made from the root secret and `totp_salt`, so that a copied database does not give it away.
-- `totp_step` is the last one used: no code is good twice.
CREATE TABLE credentials (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    email_verified_at BIGINT,
    pending_email TEXT,
    totp_salt BYTEA,
    totp_enabled_at BIGINT,
    totp_step BIGINT NOT NULL
);

-- Codes for the day on which the telephone is lost; a used one is gone.
CREATE TABLE recovery_codes (
    user_id BIGINT NOT NULL REFERENCES users (id),
    hash BYTEA NOT NULL,
    PRIMARY KEY (user_id, hash)
);

-- What links in mails hold, as SHA-256. One of a purpose for each person: the newest is the only one.
CREATE TABLE account_tokens (
    user_id BIGINT NOT NULL REFERENCES users (id),
    purpose TEXT NOT NULL,
    hash BYTEA NOT NULL UNIQUE,
    email TEXT NOT NULL,
    job_id BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, purpose)
);
CREATE INDEX account_tokens_expiry ON account_tokens (expires_at);

-- Invitations to register, as SHA-256. Used ones stay: they say who brought whom.
CREATE TABLE invitations (
    id BIGINT NOT NULL PRIMARY KEY,
    inviter_id BIGINT NOT NULL REFERENCES users (id),
    hash BYTEA NOT NULL UNIQUE,
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_by BIGINT REFERENCES users (id),
    used_at BIGINT
);
CREATE INDEX invitations_open ON invitations (inviter_id, id) WHERE used_at IS NULL;
CREATE INDEX invitations_expiry ON invitations (expires_at) WHERE used_at IS NULL;
CREATE INDEX invitations_guest ON invitations (used_by) WHERE used_by IS NOT NULL;
