-- Finds what each generation wraps. Destroyed keys are wrapped by none.
CREATE INDEX keys_data_key_wrapped_by ON keys_data_key (generation, subject) WHERE wrapped IS NOT NULL;
