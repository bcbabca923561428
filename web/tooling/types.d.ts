// Shapes of build plugins that ship no types of their own.
declare module 'postcss-pxtorem' {
  import type { PluginCreator } from 'postcss'
  const plugin: PluginCreator<Record<string, unknown>>
  export default plugin
}
