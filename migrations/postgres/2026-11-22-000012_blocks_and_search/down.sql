DROP TABLE name_remainders;
DROP TABLE hidden_suggestions;
DROP TABLE privacy_settings;
DROP TABLE blocks;
