DROP TABLE invitations;
DROP TABLE account_tokens;
DROP TABLE recovery_codes;
DROP TABLE credentials;
