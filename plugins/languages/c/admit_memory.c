// Memory for policies: one block after the other, from where static data ends.
//
// An instance answers one callout, so that freeing matters little, and growing the memory costs more than
// most evaluations. Only the last block is given back. A policy that frees a lot and needs it back, deletes
// this file, and has the library's allocator.
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 65536

// Bytes in front of each block, the last of which are its size: as many as any type is aligned to.
#define HEAD _Alignof(max_align_t)

extern uint8_t __heap_base;

// Where the last block ends; 0 before the first.
static uintptr_t top;

static size_t *size_of(void *block) {
    return (size_t *)block - 1;
}

// Whether memory reaches so far, now.
static bool reach(uint64_t end) {
    uint64_t memory = (uint64_t)__builtin_wasm_memory_size(0) * PAGE;
    if (end <= memory) return true;
    if (end > UINT32_MAX) return false;
    return __builtin_wasm_memory_grow(0, (size_t)((end - memory + PAGE - 1) / PAGE)) != SIZE_MAX;
}

void *aligned_alloc(size_t alignment, size_t size) {
    if (alignment < HEAD) alignment = HEAD;
    if (top == 0) top = (uintptr_t)&__heap_base;
    uint64_t start = ((uint64_t)top + HEAD + alignment - 1) / alignment * alignment;
    if (!reach(start + size)) {
        errno = ENOMEM;
        return NULL;
    }
    void *block = (void *)(uintptr_t)start;
    *size_of(block) = size;
    top = (uintptr_t)start + size;
    return block;
}

void *malloc(size_t size) {
    return aligned_alloc(HEAD, size);
}

void free(void *block) {
    if (block != NULL && (uintptr_t)block + *size_of(block) == top) top = (uintptr_t)block - HEAD;
}

void *calloc(size_t count, size_t size) {
    size_t all;
    if (__builtin_mul_overflow(count, size, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    void *block = aligned_alloc(HEAD, all);
    if (block != NULL) memset(block, 0, all);
    return block;
}

void *realloc(void *block, size_t size) {
    if (block == NULL) return malloc(size);
    size_t before = *size_of(block);
    if ((uintptr_t)block + before == top && reach((uint64_t)(uintptr_t)block + size)) {
        *size_of(block) = size;
        top = (uintptr_t)block + size;
        return block;
    }
    if (size <= before) return block;
    void *moved = malloc(size);
    if (moved != NULL) memcpy(moved, block, before);
    return moved;
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    void *made = aligned_alloc(alignment, size);
    if (made == NULL) return ENOMEM;
    *block = made;
    return 0;
}

size_t malloc_usable_size(void *block) {
    return block == NULL ? 0 : *size_of(block);
}
