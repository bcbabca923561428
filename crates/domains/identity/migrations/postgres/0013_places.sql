-- Where a sign-in came from, as far as a file of the bank tells: hundredths of degrees, north and east positive.
ALTER TABLE identity_sign_in ADD COLUMN latitude SMALLINT;
ALTER TABLE identity_sign_in ADD COLUMN longitude SMALLINT;
