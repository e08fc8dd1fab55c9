# Writes a C++ source that holds the migration files as text:
#   cmake -DOUTPUT=<file.cpp> -DFOLDER=<folder of NNNN_name.sql> -P embed_migrations.cmake
file(GLOB files ${FOLDER}/*.sql)
list(SORT files)
file(WRITE ${OUTPUT} "// Made from the migration files by embed_migrations.cmake.\n"
                     "#include \"storage/postgres/migration_files.h\"\n\n"
                     "namespace postern::postgres {\n\n"
                     "std::vector<MigrationFile> migration_files() {\n  return {\n")
foreach(file ${files})
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} sql)
  file(APPEND ${OUTPUT} "      {\"${name}\", R\"migration(${sql})migration\"},\n")
endforeach()
file(APPEND ${OUTPUT} "  };\n}\n\n}  // namespace postern::postgres\n")
