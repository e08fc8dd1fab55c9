# Joins the parts of the contract, and writes a C++ source that holds it:
#   cmake -DFOLDER=<of the parts> -DDOCUMENT=<file.yaml> -DOUTPUT=<file.cpp> -P join.cmake
file(GLOB parts ${FOLDER}/*.yaml)
list(SORT parts)
set(document "")
# A string literal has room for 64 KiB only, so each part is one.
file(WRITE ${OUTPUT} "// Made from the parts of the contract by join.cmake.\n"
                     "#include \"protocols/admin/contract.h\"\n\n"
                     "namespace postern::admin {\n\n"
                     "std::string contract() {\n  std::string document;\n")
foreach(part ${parts})
  file(READ ${part} text)
  string(APPEND document "${text}")
  file(APPEND ${OUTPUT} "  document += R\"contract(${text})contract\";\n")
endforeach()
file(APPEND ${OUTPUT} "  return document;\n}\n\n}  // namespace postern::admin\n")
file(WRITE ${DOCUMENT} "${document}")
