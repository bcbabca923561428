//! One suite for every store: posting, reading, repeating, restarting, holds, limits of the queue.
