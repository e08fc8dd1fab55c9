# The web application's files as a C++ source. Where node is not there, what an earlier build left in POSTERN_WEB is
# taken as it is; where nothing is there either, the server has no pages.
set(POSTERN_WEB ${CMAKE_SOURCE_DIR}/build/web CACHE PATH "Where the web application is built")
find_program(NODE node)
find_program(NPM npm)
set(web ${CMAKE_SOURCE_DIR}/protocols/admin/web)

if(NODE AND NPM)
  file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${web}/src/* ${web}/../openapi/*.yaml)
  add_custom_command(
    OUTPUT ${web}/node_modules/installed
    COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch node_modules/installed
    WORKING_DIRECTORY ${web}
    DEPENDS ${web}/package.json ${web}/package-lock.json
    COMMENT "Fetching what the web application is made with")
  add_custom_command(
    OUTPUT ${POSTERN_WEB}/files.cpp
    COMMAND ${NODE} ${web}/build.mjs --output ${POSTERN_WEB}
    DEPENDS ${web_sources} ${web}/build.mjs ${web}/contract_types.mjs ${web}/index.html
            ${web}/demo.html ${web}/icon.svg
            ${web}/node_modules/installed
    COMMENT "Building the web application")
  target_sources(web PRIVATE ${POSTERN_WEB}/files.cpp)
elseif(EXISTS ${POSTERN_WEB}/files.cpp)
  target_sources(web PRIVATE ${POSTERN_WEB}/files.cpp)
else()
  message(WARNING "No node and npm: the server is built without its web application")
  configure_file(${web}/no_files.cpp.in ${CMAKE_BINARY_DIR}/no_files.cpp COPYONLY)
  target_sources(web PRIVATE ${CMAKE_BINARY_DIR}/no_files.cpp)
endif()
