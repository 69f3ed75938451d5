/** What a page is given, and gives back. */
export interface Visit {
  readonly path: string
  readonly query: URLSearchParams
  /** Whether runs can be started and changed here. */
  readonly control: boolean
  go(href: string): void
}

export interface Page {
  readonly title: string
  readonly content: readonly Node[]
  /** Ends what the page listens to. */
  readonly leave?: () => void
}

export type View = (visit: Visit, ...parts: string[]) => Promise<Page>
