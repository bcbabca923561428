-- What is to be known of the books as a whole, wherever they are served from: `demonstration`.
CREATE TABLE bank_mark (
    name TEXT NOT NULL PRIMARY KEY
);
