"""The forms in which people and programs are told: mail, signed JSON, Slack, Teams."""
