import { scenarios } from './scenarios/index.ts'

/** Names a mix may use beside kinds: all that attack, all that do not. */
export const groups = ['attack', 'benign'] as const

/**
 * The weight of each kind. `only` leaves the kinds it names, a kind that the profile lacks with its scenario's weight. A mix replaces the
 * profile's weights, what it does not name getting 0; a group's weight is shared out among its kinds as they weigh in the profile.
 */
export function weigh(profile: Weights, only: readonly string[] | undefined, mix: Weights | undefined): Weights {
  const chosen = only === undefined ? profile : Object.fromEntries(expand(only).map((kind) => [kind, profile[kind] ?? ownWeight(kind)]))
  if (mix === undefined) return chosen
  return Object.fromEntries(Object.entries(mix).flatMap(([name, weight]): [string, number][] => {
    if (!isGroup(name)) return [[name, weight]]
    const members = membersOf(name).filter((kind) => (chosen[kind] ?? 0) > 0 && !(kind in mix))
    const sum = members.reduce((total, kind) => total + chosen[kind]!, 0)
    return members.map((kind) => [kind, (weight * chosen[kind]!) / sum])
  }))
}

export type Weights = Readonly<Record<string, number>>

function expand(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => (isGroup(name) ? membersOf(name) : [name]))
}

function isGroup(name: string): name is (typeof groups)[number] {
  return (groups as readonly string[]).includes(name)
}

export function membersOf(group: (typeof groups)[number]): readonly string[] {
  return scenarios.filter(({ attack }) => attack === (group === 'attack')).map(({ kind }) => kind)
}

function ownWeight(kind: string): number {
  return scenarios.find((scenario) => scenario.kind === kind)?.weight ?? 0
}
