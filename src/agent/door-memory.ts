/** What the door keeps for one caller: words that it has sent, an answer that it has not read. */
export interface Share {
  /** False when all callers together would then hold too much: this one is turned away. */
  set(characters: number): boolean
  /** Gives everything back. */
  end(): void
}

/** Bounds what all callers together can make the agent keep: one by one they stay within their limits, 256 at once would not. */
export function makeMemory(mostCharacters: number): () => Share {
  let all = 0
  return () => {
    let own = 0
    return {
      set(characters) {
        const more = characters - own
        if (more > 0 && all + more > mostCharacters) return false
        all += more
        own = characters
        return true
      },
      end() {
        all -= own
        own = 0
      },
    }
  }
}
