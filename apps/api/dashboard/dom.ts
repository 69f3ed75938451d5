type Child = Node | string | number | null | undefined | false | readonly Child[]
type Value = string | number | boolean | null | undefined | ((event: Event) => void) | Readonly<Record<string, string>>
type Props = Readonly<Record<string, Value>>

function apply(element: HTMLElement | SVGElement, props: Props, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (typeof value === 'object' && value !== null) for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value))
  }
  add(element, children)
}

function add(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue
    if (child instanceof Node) element.append(child)
    else if (typeof child === 'object') add(element, child)
    else element.append(String(child)) // a text node: markup in it is shown, never read
  }
}

/** An element: attributes, listeners as `onclick`, CSS variables as `vars`. Strings become text nodes, so nothing that a log says is markup. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  apply(element, props, children)
  return element
}

export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  apply(element, props, children)
  return element
}

/** Tells assistive technology, and shows for a while. */
export function tell(text: string): void {
  const status = document.getElementById('status')
  if (status === null) return
  status.textContent = text
  status.classList.add('shown')
  setTimeout(() => status.classList.remove('shown'), 6000)
}
