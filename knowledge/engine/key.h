/* key: one spelling for all scripts.
 *
 * A word's key is its letters in a small Latin alphabet: Russian and Kazakh Cyrillic are transliterated, Latin
 * transliterations are brought to the same letters (zh, j -> j; kh, x -> h; y -> i), Kazakh letters fall together with
 * the Russian ones that people type in their place, and doubled letters count once. So казахстан, kazakhstan and
 * Kazahstan share a key, and қанша, канша and kansha do. Other scripts keep their bytes. */
#ifndef QANTAR_ENGINE_KEY_H
#define QANTAR_ENGINE_KEY_H

#include <stdbool.h>
#include <stddef.h>

enum { KEY_BYTES = 64 };

/* Writes at most KEY_BYTES - 1 bytes and a NUL; returns the length. `word` is in lower case. */
size_t key_of(const char *word, size_t bytes, char key[KEY_BYTES]);

/* Latin letters read as Russian ones, as people transliterate (shch -> щ, ya -> я); the length, 0 when a character is
 * no Latin letter. For stemming only. */
size_t key_to_cyrillic(const char *word, size_t bytes, char *out, size_t capacity);

enum key_script { SCRIPT_OTHER, SCRIPT_DIGITS, SCRIPT_LATIN, SCRIPT_CYRILLIC, SCRIPT_KAZAKH };

/* SCRIPT_KAZAKH: Cyrillic with a letter that Russian lacks. SCRIPT_OTHER: anything else, mixtures too. */
enum key_script key_script(const char *word, size_t bytes);

#endif
