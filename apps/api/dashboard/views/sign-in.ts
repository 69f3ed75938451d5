import { call } from '../api.ts'
import { h } from '../dom.ts'
import type { Page } from '../page.ts'
import { attempt, field } from '../parts.ts'

export function signIn(done: () => Promise<void>): Page {
  const key = h('input', { type: 'password', autocomplete: 'current-password', required: true })
  const button = h('button', { type: 'submit', class: 'primary' }, 'Sign in')
  const submit = (event: Event): void => {
    event.preventDefault()
    void attempt(button, async () => {
      await call('/api/session', 'POST', { key: key.value })
      await done()
      return 'Signed in'
    })
  }
  return {
    title: 'Sign in',
    content: [h('form', { class: 'narrow', onsubmit: submit }, h('h1', {}, 'Sign in'), h('p', { class: 'soft' }, 'With the key of this API. The address that npm start -- FILE --serve and npm run dev print carries it along.'), field('Key', key), button)],
  }
}
