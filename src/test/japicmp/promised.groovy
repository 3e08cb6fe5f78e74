import java.lang.reflect.Modifier

// A nested type is promised where those around it are public: to japicmp it is by its own word.
boolean isPromised(type) {
  type == null || (type.modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0 && isPromised(type.declaringClass)
}

return jApiClasses.findAll { isPromised(it.oldClass.orElse(null)) && isPromised(it.newClass.orElse(null)) }
